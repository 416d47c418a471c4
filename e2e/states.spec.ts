import { expect, test } from "./fixtures.ts";

/** In the order of a look through the product; one worker, so that one cluster serves them all. */
test.describe.configure({ mode: "default" });

test.describe("a cluster with nothing in it", () => {
  test.use({ scenario: "empty", onlyLooks: true });

  test("every page says what is missing", async ({ page }) => {
    for (const [path, words] of [
      ["/", "No pool yet, so no pod can get an address"],
      ["/pools", "No pool yet, so no pod can get an address"],
      ["/pools/default-ipv4-ippool", "No such pool"],
      ["/addresses", "There is no address space yet"],
      ["/ipam", "No pool yet, so the table is empty"],
      ["/namespaces", "none"],
      ["/pods", "No pod runs in this cluster"],
      ["/nodes", "This cluster has no node"],
      ["/path", "Choose a pod and where it sends a packet"],
    ] as const) {
      await test.step(path, async () => {
        await page.goto(path);
        await expect.soft(page.getByRole("main")).toContainText(words);
      });
    }
  });

  test("the pool it proposes is one that the cluster takes", async ({ page }) => {
    await page.goto("/pools");
    await page.getByRole("button", { name: "Use this YAML" }).click();
    await expect(page.getByText("The API server accepted a dry run of 1 document.")).toBeVisible();
  });
});

test.describe("a role that may not read blocks, claims, reservations and pods", () => {
  test.use({ scenario: "forbidden", onlyLooks: true });

  test("a page of what may not be read names the permission and the rule to ask for", async ({ page }) => {
    for (const [path, permission] of [
      ["/addresses", "You may not read ipamblocks"],
      ["/ipam", "You may not read ipamblocks"],
      ["/pods", "You may not read pods"],
      ["/path?from=external-ns/nginx&to=8.8.8.8", "You may not read pods"],
    ] as const) {
      await test.step(path, async () => {
        await page.goto(path);
        const main = page.getByRole("main");
        await expect.soft(main).toContainText(permission);
        await expect.soft(main.getByRole("button", { name: "Copy the rule" })).toBeVisible();
        await expect.soft(main.getByRole("heading", { level: 1 })).not.toContainText(/\d/);
      });
    }
  });

  test("a table says unknown where it does not know, and never 0", async ({ page }) => {
    for (const [path, row, unknown] of [
      // One of the four is the strip of blocks.
      ["/", "external-pool", 4],
      ["/pools", "external-pool", 3],
      ["/namespaces", "external-ns", 2],
      ["/nodes", "s666dan4151", 3],
    ] as const) {
      await test.step(path, async () => {
        await page.goto(path);
        const cells = page.getByRole("row", { name: row }).getByRole("cell");
        await expect.soft(cells.filter({ hasText: /^unknown/ })).toHaveCount(unknown);
        await expect.soft(cells.filter({ hasText: /^0/ })).toHaveCount(0);
      });
    }
  });

  test("/pools/external-pool says unknown for every count", async ({ page }) => {
    await page.goto("/pools/external-pool");
    const facts = page.getByRole("main").getByRole("definition");
    await expect(facts.filter({ hasText: "unknown" })).toHaveCount(8);
    await expect(facts.filter({ hasText: /^0/ })).toHaveCount(0);
    await expect(page.getByRole("main")).toContainText("You may not read ipamblocks");
  });

  test("a pool that may not be changed names the verb and the rule", async ({ page }) => {
    await page.goto("/pools");
    await expect(page.getByRole("switch", { name: "New addresses from external-pool" })).toBeDisabled();
    await page.getByRole("button", { name: "Why external-pool cannot be switched here" }).click();
    const dialog = page.getByRole("dialog", { name: "external-pool is not changed here" });
    await expect(dialog).toContainText("You may not change ippools");
    await expect(dialog).toContainText("verbs: [patch]");
  });
});
