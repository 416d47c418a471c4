import { readFile } from "node:fs/promises";
import type { Download, Locator } from "@playwright/test";
import { expect, type Page, test } from "./fixtures.ts";

// What leaves the page as a file or as a link.
test.use({ scenario: "busy", onlyLooks: true });

/** Clicks, and returns what is saved by it. */
async function saved(page: Page, button: Locator): Promise<{ name: string; bytes: Buffer }> {
  const [download]: [Download, void] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test("a list that is longer than what the page has read is saved whole, as JSON and as CSV", async ({
  page,
}) => {
  await page.goto("/pods?state=running&columns=uid");
  await expect(page.getByRole("table").getByRole("row").nth(5)).toBeVisible();

  const json = await saved(page, page.getByRole("button", { name: "JSON" }));
  expect(json.name).toBe("pods.json");
  const list = JSON.parse(json.bytes.toString()) as {
    items: { namespace: string; name: string; state: string; ips: string[] }[];
    total: number;
  };
  // More than the server gives at once, too.
  expect(list.items.length).toBeGreaterThan(500);
  expect(new Set(list.items.map(({ state }) => state))).toEqual(new Set(["running"]));

  const csv = await saved(page, page.getByRole("button", { name: "CSV" }));
  expect(csv.name).toBe("pods.csv");
  const [head, ...lines] = csv.bytes.toString().trimEnd().split("\r\n");
  expect(head).toContain("Pod");
  expect(lines.length).toBeGreaterThan(500);
});

test("only what the filter leaves is saved", async ({ page }) => {
  await page.goto("/pools/edge-lb?tab=addresses");
  await expect(page.getByRole("table", { name: "Addresses", exact: true })).toContainText("10.70.8.");
  const list = page.getByRole("tabpanel");
  const { name, bytes } = await saved(page, list.getByRole("button", { name: "JSON" }));
  expect(name).toBe("addresses-edge-lb.json");
  const { items } = JSON.parse(bytes.toString()) as { items: { pool: string; state: string }[] };
  expect(items.length).toBeGreaterThan(0);
  for (const item of items) expect(item).toMatchObject({ pool: "edge-lb", state: "used" });
});

/** The lines of a saved CSV, its head first. */
const linesOf = ({ bytes }: { bytes: Buffer }) => bytes.toString().trimEnd().split("\r\n");

test("pictures and lists of a pool are saved as tables: its capacity, its nodes, what holds it", async ({
  page,
}) => {
  await page.goto("/pools/external-pool");
  const capacity = page.getByRole("region", { name: "Where its addresses are" });
  const parts = await saved(page, capacity.getByRole("button", { name: "CSV" }));
  expect(parts.name).toBe("capacity-external-pool.csv");
  const [head, first] = linesOf(parts);
  expect(head).toBe("What,Addresses,Share");
  const [, pods = "?"] = first?.split(",") ?? [];
  await expect(capacity.getByRole("row").nth(1)).toContainText(Number(pods).toLocaleString("en"));

  const nodes = page.locator("section", {
    has: page.getByRole("heading", { name: "Most addresses, by node" }),
  });
  const json = await saved(page, nodes.getByRole("button", { name: "JSON" }));
  expect(json.name).toBe("nodes-external-pool.json");
  const { items } = JSON.parse(json.bytes.toString()) as { items: { node: string; pool: string }[] };
  // The page names the first five.
  expect(items.length).toBeGreaterThan(5);
  expect(new Set(items.map(({ pool }) => pool))).toEqual(new Set(["external-pool"]));

  await page.goto("/pools/external-pool?tab=holds");
  const holds = await saved(page, page.getByRole("tabpanel").getByRole("button", { name: "CSV" }));
  expect(holds.name).toBe("holds-external-pool.csv");
  const lines = linesOf(holds);
  expect(lines[0]).toBe("What,Namespace,Name,Node,Annotation,Addresses in use");
  expect(lines).toContain(`Addresses in use,,Pods,,,${pods}`);
});

test("the matrix is saved as it is filtered, every node in every pool", async ({ page }) => {
  await page.goto("/nodes?view=matrix&pool=external-pool");
  const matrix = page.getByRole("table", { name: "Addresses in use and blocks, by node and pool" });
  await expect(matrix.getByRole("row").nth(1)).toBeVisible();
  const names = await matrix.getByRole("rowheader").allTextContents();
  const file = await saved(page, page.getByRole("button", { name: "CSV" }));
  expect(file.name).toBe("nodes-and-pools.csv");
  const [head, ...lines] = linesOf(file).map((line) => line.split(","));
  expect(head?.slice(0, 3)).toEqual(["Node", "Pool", "Addresses in use"]);
  expect(new Set(lines.map(([node]) => node))).toEqual(new Set(names));
  expect(new Set(lines.map(([, pool]) => pool)).size).toBeGreaterThan(1);
});

test("when the list cannot be read to its end, nothing is saved and the table says so", async ({
  page,
  context,
}) => {
  await page.goto("/pods?state=running");
  await expect(page.getByRole("table").getByRole("row").nth(5)).toBeVisible();
  await context.setOffline(true);
  let isSaved = false;
  page.on("download", () => (isSaved = true));
  await page.getByRole("button", { name: "CSV" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Nothing is saved." })).toBeVisible();
  expect(isSaved).toBe(false);
});

/** Width, height and how many pixels have which colour, of the commonest. */
async function looksOf(page: Page, png: Buffer) {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    const data = context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [];
    const counts: Record<string, number> = {};
    for (let at = 0; at < data.length; at += 4) {
      const colour = `${data[at]} ${data[at + 1]} ${data[at + 2]}`;
      counts[colour] = (counts[colour] ?? 0) + 1;
    }
    return { width: bitmap.width, height: bitmap.height, counts };
  }, png.toString("base64"));
}

const grounds = { light: "255 255 255", dark: "13 18 21" } as const;
/** The fullest blocks. */
const full = { light: "18 35 73", dark: "175 238 230" } as const;

for (const colorScheme of ["light", "dark"] as const) {
  test(`the map of a pool is saved with its stamp, at twice the pixels, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto("/pools/batch-pool");
    const map = page.getByRole("region", { name: "Block map" });
    await expect(map).toContainText("8 of 8 blocks claimed");
    const box = await map.boundingBox();
    const { name, bytes } = await saved(page, map.getByRole("button", { name: "PNG" }));
    expect(name).toBe("map-batch-pool.png");
    const { width, height, counts } = await looksOf(page, bytes);
    expect(width).toBe(Math.round(((box?.width ?? 0) + 48) * 2));
    // The stamp is at least 48 pixels high.
    expect(height).toBeGreaterThan(((box?.height ?? 0) + 48 + 48) * 2 - 2);
    expect(counts[grounds[colorScheme]]).toBeGreaterThan((width * height) / 4);
    expect(counts[full[colorScheme]]).toBeGreaterThan(1_000);
  });
}

test("a copied link opens the same view", async ({ page, context, cluster }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: cluster.url });
  await page.goto("/pods?state=noAddress");
  await page.getByRole("button", { name: "Age" }).click();
  await expect(page).toHaveURL(/sort=/);
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByRole("button", { name: "Link copied" })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(page.url());

  const other = await context.newPage();
  await other.goto(link);
  const first = (where: Page) => where.getByRole("table").getByRole("row").nth(1);
  await expect(first(other)).toContainText(
    (await first(page).getByRole("cell").first().textContent()) ?? "?",
  );
});
