import { expect, expectAccessible, type Page, test } from "./fixtures.ts";
import { pasteYaml, poolDocument, tabTo } from "./steps.ts";

const mapOf = (page: Page, pool: string) => page.getByRole("application", { name: `Block map of ${pool}` });

/** Labels take 92 pixels at the left and 20 above; from one block to the next are 30. */
const secondBlock = { x: 92 + 30 + 14, y: 20 + 14 };

test.describe("the map of a pool", () => {
  test.use({ scenario: "tutorial-done", onlyLooks: true });

  test("by keyboard alone: from the map to a block, to an address, to its pod", async ({ page }) => {
    await page.goto("/pools/external-pool");
    const map = mapOf(page, "external-pool");
    await tabTo(page, map);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect(page.getByText("10.64.0.64/26, 3 of 64 in use")).toBeVisible();
    // Enlarged until its addresses are there, the same keys walk these.
    for (let times = 0; times < 3; times += 1) await page.keyboard.press("+");
    await page.keyboard.press("ArrowRight");
    await expect(
      page.getByText(/^10\.64\.0\.64, pod of external-ns, on .*, in 10\.64\.0\.64\/26$/),
    ).toBeVisible();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByText(/^10\.64\.0\.65, /)).toBeVisible();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    const drawer = page.getByRole("dialog", { name: "Block 10.64.0.64/26" });
    await expect(drawer).toBeFocused();
    await expect(page).toHaveURL(/ip=10\.64\.0\.64/);
    await tabTo(page, drawer.getByRole("link", { name: "See the pod" }));
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/pods\?namespace=external-ns&q=nginx-deployment/);
    await expect(page.getByRole("table")).toContainText("10.64.0.64");
  });

  test("the map and the table select together", async ({ page }) => {
    await page.goto("/pools/external-pool");
    const map = mapOf(page, "external-pool");
    const row = page.getByRole("table", { name: "Blocks" }).getByRole("row", { name: /10\.64\.0\.64\/26/ });
    await row.getByRole("cell").first().click();
    await expect(page.getByRole("dialog", { name: "Block 10.64.0.64/26" })).toBeVisible();
    // What is selected is where the keys go on from.
    await page.keyboard.press("Escape");
    await expect(row).not.toHaveAttribute("aria-current", "true");
    await map.click({ position: secondBlock });
    await expect(page).toHaveURL(/block=10-64-0-64-26/);
    await expect(row).toHaveAttribute("aria-current", "true");
    // Wherever the map is looked at, what is selected in the table comes into it.
    await page.goto("/pools/external-pool?at=10.64.15.192/26&zoom=352");
    await row.getByRole("cell").first().click();
    await expect(page).toHaveURL(/at=10\.64\.[0-7]\./);
  });

  test("Back closes the block that a click opened and stays on the pool; Forward opens it again", async ({
    page,
  }) => {
    await page.goto("/pools");
    await page.getByRole("link", { name: "external-pool", exact: true }).click();
    const row = page.getByRole("table", { name: "Blocks" }).getByRole("row", { name: /10\.64\.0\.64\/26/ });
    const drawer = page.getByRole("dialog", { name: "Block 10.64.0.64/26" });
    await row.getByRole("cell").first().click();
    await expect(drawer).toBeVisible();
    await page.goBack();
    await expect(drawer).toBeHidden();
    await expect(page).toHaveURL(/\/pools\/external-pool$/);
    await page.goForward();
    await expect(drawer).toBeVisible();
  });

  test("a block that nobody has claimed opens as well, and says so", async ({ page }) => {
    await page.goto("/pools/external-pool");
    await mapOf(page, "external-pool").click({ position: { x: 92 + 14, y: 20 + 14 } });
    const panel = page.getByRole("dialog", { name: "Block 10.64.0.0/26" });
    await expect(panel).toContainText("Nobody has claimed it.");
    await panel.getByRole("button", { name: "Next" }).click();
    await expect(page.getByRole("dialog", { name: "Block 10.64.0.64/26" })).toContainText("3 of 64 in use");
  });

  test("a key of the legend leaves only its blocks, in the table too, and stands in the link", async ({
    page,
  }) => {
    await page.goto("/pools/external-pool");
    const blocks = page.getByRole("table", { name: "Blocks" });
    await expect(blocks.getByRole("row")).toHaveCount(4);
    const legend = page.getByRole("group", { name: /Legend/ });
    await legend.getByRole("button", { name: /Unclaimed/ }).click();
    await expect(page).toHaveURL(/show=unclaimed/);
    await expect(page.getByText("No block matches")).toBeVisible();
    await page.getByRole("radio", { name: "Node", exact: true }).click({ force: true });
    await expect(page).toHaveURL(/colour=node/);
    const key = legend.getByRole("button", { name: /s666dan4151/ });
    await key.click();
    await expect(key).toHaveAttribute("aria-pressed", "true");
    await expect(blocks.getByRole("row")).toHaveCount(2);
    await page.reload();
    await expect(blocks.getByRole("row")).toHaveCount(2);
    await key.click();
    await expect(blocks.getByRole("row")).toHaveCount(4);
  });

  test("a link brings back layout, colours, zoom and selection", async ({ page, otherPage }) => {
    await page.goto("/pools/external-pool?layout=hilbert&colour=age");
    const map = mapOf(page, "external-pool");
    await tabTo(page, map);
    await page.keyboard.press("ArrowDown");
    for (let times = 0; times < 3; times += 1) await page.keyboard.press("+");
    await page.keyboard.press("ArrowDown");
    const spoken = page.getByText(/^10\.64\.0\.\d+, .*, in 10\.64\.0\.0\/26$/);
    await expect(spoken).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/ip=10\.64\.0\..*zoom=/);
    await otherPage.goto(page.url());
    const theirs = mapOf(otherPage, "external-pool");
    await expect(theirs).toBeVisible();
    await expect(otherPage.getByRole("radio", { name: "Hilbert" })).toBeChecked();
    await expect(otherPage.getByRole("button", { name: "Whole pool" })).toBeVisible();
    // The cursor goes on from the selected address, as in the first browser.
    await theirs.focus();
    await otherPage.keyboard.press("ArrowDown");
    await page.keyboard.press("Escape");
    await map.focus();
    await expect(otherPage.getByText(/^10\.64\.0\.\d+, .*, in 10\.64\.0\.0\/26$/)).toBeVisible();
    // The drawer lies over the buttons of the map.
    await otherPage.keyboard.press("Escape");
    await otherPage.getByRole("button", { name: "Whole pool" }).click();
    await expect(otherPage).not.toHaveURL(/zoom=/);
  });

  test("what is under the pointer is named at once, and in full when it rests there", async ({ page }) => {
    await page.goto("/pools/external-pool");
    await mapOf(page, "external-pool").hover({ position: secondBlock });
    const card = page.getByText("10.64.0.64/26").first();
    await expect(card).toBeVisible();
    await expect(page.getByText(/Claimed .* ago/)).toBeVisible();
  });

  // As it opens the map is among the pages that axe looks at anyway.
  for (const [colorScheme, query] of [
    ["light", "?layout=node&colour=node"],
    ["dark", "?layout=hilbert&colour=namespace"],
  ] as const) {
    test(`nothing stands in anybody's way, ${query}, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.goto(`/pools/external-pool${query}`);
      await expect(mapOf(page, "external-pool")).toBeVisible();
      await expect(page.getByRole("table", { name: "Blocks" }).getByRole("row").nth(1)).toBeVisible();
      await expectAccessible(page);
    });
  }
});

test.describe("a pool of 262,144 blocks", () => {
  test.use({ scenario: "tutorial-done" });

  test("is shown whole beside a part that is one CIDR, down to its addresses", async ({ page }) => {
    const dialog = await pasteYaml(page, poolDocument("fleet-pool", { cidr: "10.16.0.0/12", blockSize: 30 }));
    await dialog.getByRole("button", { name: "Create pool" }).click();
    await expect(dialog).toBeHidden();
    await page.goto("/pools/fleet-pool");
    await expect(page.getByText("1 pixel = 1 block")).toBeVisible();
    const part = page.getByText(/^10\.[0-9.]+\/\d+$/).last();
    await expect(part).toHaveText("10.16.0.0/20");
    // The last quarter of the curve is at the top right.
    await page
      .getByRole("img", { name: "The whole of fleet-pool, in small" })
      .click({ position: { x: 500, y: 10 } });
    await expect(part).toHaveText("10.31.240.0/20");
    await expect(page).toHaveURL(/at=10\.31\./);
    await page.reload();
    await expect(part).toHaveText("10.31.240.0/20");
    const map = mapOf(page, "fleet-pool");
    await tabTo(page, map);
    await page.keyboard.press("ArrowDown");
    await expect(page.getByText(/^10\.31\.2\d\d\.\d+\/30, unclaimed$/)).toBeVisible();
    for (let times = 0; times < 2; times += 1) await page.keyboard.press("+");
    await expect(page.getByText(/^Part of/)).toBeVisible();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByText(/^10\.31\.2\d\d\.\d+, unclaimed, in 10\.31\.2\d\d\.\d+\/30$/)).toBeVisible();
  });
});
