import { expect, test } from "./fixtures.ts";

/** Characters that turn text around or cannot be seen: a page shows them as their names. */
// oxlint-disable-next-line no-control-regex
const unseen = /[\u0000-\u0008\u007f\u200b\u202a-\u202e\u2066-\u2069]/;

// In one worker, so that one cluster serves those that look at it.
test.describe.configure({ mode: "default" });

/** What a namespace's annotation, a node's condition and a pod's address hold there. Markup that came to life would fail the test by its request for `x`. */
const html = '<img src=x onerror="alert(1)">';

test.describe("a cluster of odd objects", () => {
  test.use({ scenario: "odd-objects", onlyLooks: true });

  test("every page shows them as they are", async ({ page }) => {
    for (const [path, ...words] of [
      ["/", "good"],
      ["/pools", "not-a-cidr", "left out because they cannot be read", "never-quite-deleted"],
      ["/pools/good", "10.60.0.0/16", "20 of 1,024"],
      ["/pools/good?tab=blocks", "10.60.68.0/28", "node-that-is-gone"],
      ["/pools/hostile-texts?tab=yaml", html, "[U+202E]gnp.loop-"],
      ["/pools/the-whole-internet", "::/0"],
      ["/pools/block-size-nonsense", "10.62.16.0/20"],
      ["/addresses", "10.60.64."],
      ["/ipam", "10.60.0.0/16"],
      ["/namespaces", html, "is not a JSON list of texts", "no-such-pool"],
      ["/pods?namespace=constructor", html, "10.60.200.5"],
      ["/nodes", "node-without-addresses", "node-with-odd-annotations"],
    ] as const) {
      await test.step(path, async () => {
        await page.goto(path);
        for (const word of words) await expect.soft(page.getByRole("main")).toContainText(word);
        expect.soft(await page.getByRole("main").innerText()).not.toMatch(unseen);
      });
    }
  });

  test("a block that contradicts itself says how, and still counts", async ({ page }) => {
    await page.goto("/pools/good?block=10-60-64-192-26");
    const drawer = page.getByRole("dialog", { name: "Block 10.60.64.192/26" });
    await expect(drawer).toContainText(
      "10.60.64.192 points at attribute 7 of 0: counted as in use, owner unknown",
    );
    await expect(drawer).toContainText("1 of 64 in use");
  });
});

test.describe("pools of both families", () => {
  test.use({ scenario: "dual-stack", onlyLooks: true });

  test("an IPv6 pool is shown by what is in it, not address by address", async ({ page }) => {
    await page.goto("/pools/default-ipv6-ippool");
    await expect(page.getByRole("main")).toContainText("of 264");
    await expect(page.getByRole("application", { name: "Block map of default-ipv6-ippool" })).toBeVisible();
    await page.goto("/addresses?pool=default-ipv6-ippool&state=unclaimed");
    const rows = page.getByRole("table", { name: "Addresses" }).getByRole("row");
    await expect(rows.nth(1)).toContainText("fd00:10:244:");
    expect(await rows.count()).toBeLessThan(50);
  });

  test("namespaces and nodes show both families", async ({ page }) => {
    await page.goto("/namespaces");
    await expect(page.getByRole("row", { name: "edge" })).toContainText("public-ipv6");
    await page.goto("/nodes");
    await expect(page.getByRole("row", { name: "dual-02" })).toContainText("VXLAN, IPv6");
  });
});
