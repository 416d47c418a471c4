import { readFile } from "node:fs/promises";
import { NamespaceList } from "../lib/contract/namespaces.ts";
import { Pool } from "../lib/contract/pools.ts";
import { expect, expectAccessible, type Locator, type Page, test } from "./fixtures.ts";

const numberIn = (text: string | null) => Number((text ?? "").replaceAll(",", ""));

/** The numbers of a row or column of a table, in order. */
/** The counts in cells; a share may follow. */
async function numbersOf(cells: Locator): Promise<number[]> {
  return (await cells.allTextContents()).map((text) => numberIn(/^[\d,]*/.exec(text)?.[0] ?? ""));
}

async function read(page: Page, path: string): Promise<unknown> {
  return (await page.request.get(path)).json();
}

async function expectAccessibleInBoth(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expectAccessible(page, colorScheme === "dark" ? ["color-contrast"] : undefined);
  }
}

test.describe("a pool that is full by blocks", () => {
  test.use({ scenario: "full-by-blocks", onlyLooks: true });

  test("is told on the overview, and on its page with the numbers that prove it", async ({ page }) => {
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(
      /^rack-pool is \d+ % used, yet full by blocks$/,
    );
    await page.getByRole("row", { name: "rack-pool" }).getByRole("link", { name: "rack-pool" }).click();

    const { usage, fragmentation } = Pool.parse(await read(page, "/api/v1/pools/rack-pool"));
    expect(fragmentation).toMatchObject({ newNode: "refused", stranded: usage.freeInBlocks });
    await expect(page.getByRole("region", { name: "Where its addresses are" })).toContainText(
      `yet full by blocks: ${usage.freeInBlocks} free addresses lie in 16 claimed blocks, and strict affinity keeps every other node from them. 2 of 18 nodes have no block here and get no address.`,
    );
    await expect(page.getByText("Nodes that still fit").locator("..")).toContainText("0at one block each");
  });

  test("has a bar whose table adds up, and leads to the addresses of each part", async ({ page }) => {
    await page.goto("/pools/rack-pool?tab=settings");
    const table = page.getByRole("table", { name: "Addresses of rack-pool by what they are" });
    const counts = table.getByRole("row").nth(1).getByRole("cell");
    await expect(counts.first()).toBeVisible();
    const numbers = await numbersOf(counts);
    expect(numbers.reduce((sum, count) => sum + count, 0)).toBe(1024);

    const part = table.getByRole("link", { name: "Free in claimed blocks" });
    await part.focus();
    await part.press("Enter");
    await expect(page).toHaveURL(/\/addresses\?pool=rack-pool&state=free$/);
  });

  test("axe finds nothing on it", async ({ page }) => {
    await page.goto("/pools/rack-pool?tab=settings");
    await expect(page.getByText("yet full by blocks")).toBeVisible();
    await expectAccessibleInBoth(page);
  });
});

test.describe("nodes and namespaces that borrow", () => {
  test.use({ scenario: "borrowed", onlyLooks: true });

  test("a walk over the matrix of nodes and pools ends at the pods of a cell", async ({ page }) => {
    await page.goto("/nodes");
    await page.getByRole("radio", { name: "Matrix" }).check();
    await expect(page).toHaveURL(/view=matrix/);
    const matrix = page.getByRole("table", { name: "Addresses in use and blocks, by node and pool" });
    await expect(matrix.getByRole("columnheader")).toHaveText([
      /Node/,
      /All pools/,
      "default-ipv4-ippool",
      "shared-pool",
    ]);

    const borrower = matrix.getByRole("link", {
      name: /^node-06 in shared-pool: 10 addresses in use, 0 blocks, 10 of them borrowed$/,
    });
    await expect(borrower).toBeVisible();
    const first = matrix.getByRole("link", { name: /^node-01 in default-ipv4-ippool/ });
    await first.focus();
    await page.keyboard.press("ArrowRight");
    for (let row = 1; row < 6; row++) await page.keyboard.press("ArrowDown");
    await expect(borrower).toBeFocused();
    await expectAccessibleInBoth(page);
    await borrower.press("Enter");
    await expect(page).toHaveURL(/\/pods\?node=node-06&pool=shared-pool$/);
    await expect(page.getByRole("table", { name: "Pods" }).getByRole("row")).toHaveCount(11);
  });

  test("the treemap has every address in use, is told as a table, and leads to pods", async ({ page }) => {
    await page.goto("/namespaces?pool=shared-pool");
    const figure = page.getByRole("region", { name: "Addresses in use by namespace" });
    const { inUse, inUseByAll } = NamespaceList.parse(
      await read(page, "/api/v1/namespaces?pool=shared-pool"),
    );
    expect(inUse).toBe(inUseByAll);
    await expect(figure).toContainText(`of ${inUse} addresses in use`);
    await figure.getByText("Show as table").click();
    const rows = figure.getByRole("table").getByRole("row");
    await expect(rows).toHaveCount(3);
    const counts = await numbersOf(rows.getByRole("cell").filter({ hasNotText: "%" }));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(Number(inUse));
    await expectAccessibleInBoth(page);

    const saved = page.waitForEvent("download");
    await figure.getByRole("button", { name: "CSV" }).click();
    expect((await readFile(await (await saved).path(), "utf8")).split("\r\n")).toEqual([
      "Namespace,Pool,Addresses in use",
      ...["billing", "orders"].map((name, index) => `${name},shared-pool,${counts[1 - index]}`),
      "",
    ]);

    await figure.getByRole("link", { name: /^orders: \d+$/ }).click();
    await expect(page).toHaveURL(/\/pods\?namespace=orders&pool=shared-pool$/);
  });
});

test.describe("somebody who may not read blocks", () => {
  test.use({ scenario: "forbidden", onlyLooks: true });

  test("sees that the numbers are unknown, and no zero", async ({ page }) => {
    await page.goto("/pools/default-ipv4-ippool?tab=settings");
    const capacity = page.getByRole("region", { name: "Where its addresses are" });
    await expect(capacity).toContainText("cannot be told");
    await expect(capacity.getByRole("cell").first()).toHaveText("unknown");
    await expect(page.getByText("Nodes that still fit").locator("..")).toContainText("unknown");
    await page.goto("/nodes?view=matrix");
    await expect(
      page
        .getByRole("table", { name: /by node and pool/ })
        .getByRole("cell")
        .first(),
    ).toHaveText("unknown");
    await page.goto("/namespaces");
    await expect(page.getByRole("region", { name: "Addresses in use by namespace" })).toContainText(
      "is unknown",
    );
  });
});
