import { expect, test } from "./fixtures.ts";

// In one worker, so that one cluster serves all of them.
test.describe.configure({ mode: "default" });

/** Read as a number, or as a sign that there is nothing. */
const claims = /^(0\b|none$)/i;

test.describe("a role that may not read blocks, claims, reservations and pods", () => {
  test.use({ scenario: "forbidden", onlyLooks: true });

  test("a page of what may not be read names the permission and the rule to ask for", async ({ page }) => {
    for (const [path, permission] of [
      ["/addresses", "You may not read ipamblocks"],
      ["/addresses?state=reserved", "You may not read ipamblocks"],
      ["/ipam", "You may not read ipamblocks"],
      ["/pods", "You may not read pods"],
      ["/pods?pool=external-pool", "You may not read pods"],
      ["/nodes?pool=external-pool", "You may not read ipamblocks"],
      ["/namespaces?pool=external-pool", "You may not read ipamblocks"],
      ["/pools/external-pool?tab=blocks", "You may not read ipamblocks"],
      ["/path?from=external-ns/nginx&to=8.8.8.8", "You may not read pods"],
    ] as const) {
      await test.step(path, async () => {
        await page.goto(path);
        const main = page.getByRole("main");
        await expect.soft(main).toContainText(permission);
        await expect.soft(main.getByRole("button", { name: "Copy the rule" }).last()).toBeVisible();
        await expect.soft(main.getByRole("heading", { level: 1 })).not.toContainText(/\d/);
        await expect.soft(main.getByText(/^No .* matches$/)).toHaveCount(0);
      });
    }
  });

  test("a table says unknown where it does not know, never 0, and names the permission", async ({ page }) => {
    for (const [path, row, unknown, permission] of [
      // One of the four is the strip of blocks.
      ["/", "external-pool", 4, "list ipamblocks.crd.projectcalico.org"],
      ["/pools", "external-pool", 3, "list ipreservations.crd.projectcalico.org"],
      ["/namespaces", "external-ns", 2, "list pods"],
      ["/nodes", "s666dan4151", 3, "list ipamblocks.crd.projectcalico.org"],
    ] as const) {
      await test.step(path, async () => {
        await page.goto(path);
        const cells = page.getByRole("row", { name: row }).getByRole("cell");
        await expect.soft(cells.filter({ hasText: /^unknown/ })).toHaveCount(unknown);
        await expect.soft(cells.filter({ hasText: claims })).toHaveCount(0);
        await expect.soft(page.getByRole("main")).toContainText(permission);
      });
    }
  });

  test("the overview does not say that nothing is wrong", async ({ page }) => {
    await page.goto("/");
    const main = page.getByRole("main");
    await expect(main.getByRole("heading", { level: 1 })).toContainText("is unknown");
    await expect(main).toContainText("Nobody can say whether a pod waits for an address");
    await expect(main).not.toContainText("Every pod has its address");
    await expect(main).not.toContainText("%");
  });

  test("a pool says unknown for every count, and does not say that nothing holds it", async ({ page }) => {
    await page.goto("/pools/external-pool?tab=holds");
    const main = page.getByRole("main");
    await expect(main).toContainText("Its blocks cannot be read, so nobody can say what holds it");
    await expect(main).not.toContainText("It can be deleted");
    const facts = main.getByRole("definition");
    await expect(facts.filter({ hasText: "unknown" }).nth(7)).toBeVisible();
    await expect(facts.filter({ hasText: claims })).toHaveCount(0);
    await expect(main).toContainText("list ipamblocks.crd.projectcalico.org");
  });

  test("the search names what it could not look into", async ({ page }) => {
    await page.goto("/nodes");
    await page.keyboard.press("Control+k");
    await page.getByRole("textbox", { name: /^Search pools/ }).fill("no-such-name");
    const search = page.getByRole("dialog", { name: "Search" });
    await expect(search).toContainText("Nothing that Poolboard may read is called no-such-name");
    await expect(search).toContainText("list pods");
  });

  test("what may not be changed names the verb and the rule", async ({ page }) => {
    for (const [path, button, title, verb] of [
      ["/pools", "Why external-pool cannot be switched here", "external-pool is not changed here", "patch"],
      ["/pools/external-pool", "Delete", "external-pool is not changed here", "delete"],
      ["/namespaces", "Choose pools for external-ns", "Pools for new pods in external-ns", "patch"],
      ["/pools", "Paste YAML", "Create pools from YAML", "create"],
      ["/pools", "New pool", "New pool", "create"],
    ] as const) {
      await test.step(`${path} ${button}`, async () => {
        await page.goto(path);
        await page.getByRole("main").getByRole("button", { name: button, exact: true }).click();
        const dialog = page.getByRole("dialog", { name: title });
        await expect.soft(dialog).toContainText(`verbs: [${verb}]`);
        await expect.soft(dialog.getByRole("button", { name: "Copy the rule" })).toBeVisible();
      });
    }
  });
});
