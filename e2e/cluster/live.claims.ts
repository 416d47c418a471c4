import type { Page } from "@playwright/test";
import { ownPool, withPool, workloads } from "./own-pool.ts";
import { expect, test } from "./fixtures.ts";

/** What happens in the cluster is on the screen within this, in milliseconds. */
const promised = 1_000;

test.describe("a change made by kubectl is on the screen within a second, without reload", () => {
  // A machine shared with others pauses for longer than that now and then.
  test.describe.configure({ retries: 1 });

  test("a pool that is disabled, in the table and on its own page", async ({ page, product }) => {
    const pool = await withPool(product, "live");
    const patch = (disabled: boolean) =>
      product.kubectl(
        "patch",
        product.kind("IPPool"),
        pool,
        "--type=merge",
        "-p",
        JSON.stringify({ spec: { disabled } }),
      );
    await patch(false);
    await openLive(page, "/pools");
    const row = page.getByRole("row", { name: pool });
    await expect(row).toContainText("Allocatable");
    await patch(true);
    await expect(row).toContainText(/Disabled|Draining/, { timeout: promised });
    await row.getByRole("link", { name: pool }).click();
    await expect(page.getByRole("button", { name: "Enable pool" })).toBeVisible();
    await patch(false);
    await expect(page.getByRole("button", { name: "Disable pool" })).toBeVisible({ timeout: promised });
  });

  test("a pool that is made and deleted", async ({ page, product }) => {
    const name = `${product.run.id}-brief`;
    await product.kubectl("delete", product.kind("IPPool"), name, "--ignore-not-found");
    await openLive(page, "/pools");
    await product.apply("brief.json", ownPool(product, "brief"));
    const row = page.getByRole("row", { name });
    await expect(row).toBeVisible({ timeout: promised });
    await product.kubectl("delete", product.kind("IPPool"), name, "--wait=false");
    await expect(row).toHaveCount(0, { timeout: promised });
  });

  test("a namespace that is given another pool, and pods that come", async ({ page, product }) => {
    const pool = await withPool(product, "live");
    const namespace = `${product.run.id}-live`;
    await product.namespace(namespace);
    await product.kubectl("annotate", "namespace", namespace, "cni.projectcalico.org/ipv4pools-");
    await openLive(page, `/namespaces?q=${namespace}`);
    const row = page.getByRole("row", { name: namespace });
    await expect(row).toBeVisible();
    await product.kubectl("annotate", "namespace", namespace, `cni.projectcalico.org/ipv4pools=["${pool}"]`);
    await expect(row).toContainText(pool, { timeout: promised });

    await openLive(page, `/pods?namespace=${namespace}`);
    for (const { metadata, status } of await workloads(product, namespace, 2)) {
      const pod = page.getByRole("row", { name: metadata.name });
      await expect(pod).toContainText(status.podIP, { timeout: promised });
    }
  });
});

/** Goes there and waits until changes arrive. */
async function openLive(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("banner").getByText(/\bold\b/)).toHaveText(/^Live/);
}
