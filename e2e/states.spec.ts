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
      ["/choose", "Choose a namespace and a node"],
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
