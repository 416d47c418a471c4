import { expect, hasKubectl, separateTest, test } from "./fixtures.ts";

/** What happens in the cluster is on the screen within this, in milliseconds. */
const promised = 1_000;

test.describe("a change made by kubectl", () => {
  test.skip(!hasKubectl, "kubectl is not on the PATH");
  test.use({ scenario: "tutorial-done" });

  test("is on the screen within a second, without reload", async ({ page, cluster }) => {
    await test.step("a namespace that is given another pool", async () => {
      await page.goto("/namespaces");
      const row = page.getByRole("row", { name: "internal-ns" });
      await expect(row).toContainText("internal-pool");
      const pools = `cni.projectcalico.org/ipv4pools=["default-ipv4-ippool"]`;
      await cluster.kubectl("annotate", "--overwrite", "namespace", "internal-ns", pools);
      await expect(row).toContainText("default-ipv4-ippool", { timeout: promised });
    });

    await test.step("a pool that is disabled, in the table and on its own page", async () => {
      const patch = (disabled: boolean) =>
        cluster.kubectl(
          "patch",
          "ippools.crd.projectcalico.org",
          "external-pool",
          "--type=merge",
          "-p",
          JSON.stringify({ spec: { disabled } }),
        );
      await page.goto("/pools");
      const row = page.getByRole("row", { name: "external-pool" });
      await expect(row).toContainText("Allocatable");
      await patch(true);
      await expect(row).toContainText("Draining", { timeout: promised });
      await row.getByRole("link", { name: "external-pool" }).click();
      await expect(page.getByRole("button", { name: "Enable pool" })).toBeVisible();
      await patch(false);
      await expect(page.getByRole("button", { name: "Disable pool" })).toBeVisible({ timeout: promised });
    });

    await test.step("a deployment that is scaled: new pods, then their addresses", async () => {
      await page.goto("/pools");
      const row = page.getByRole("row", { name: "external-pool" });
      await expect(row).toContainText("9 of 4,096");
      await cluster.kubectl("scale", "deployment/nginx-deployment", "-n", "external-ns", "--replicas=10");
      await cluster.kubectl(
        "wait",
        "-n",
        "external-ns",
        "deployment/nginx-deployment",
        "--for=jsonpath={.status.readyReplicas}=10",
      );
      await expect(row).toContainText("10 of 4,096", { timeout: promised });
    });
  });
});

separateTest.describe("an API server that dies while somebody looks", () => {
  separateTest.skip(!hasKubectl, "kubectl is not on the PATH");

  separateTest(
    "data stays with its age, writes wait, and all is live again soon after it is back",
    async ({ page, separate }) => {
      const age = page.getByRole("banner").getByText(/\bold\b/);
      const row = page.getByRole("row", { name: "external-pool" });
      const toggle = page.getByRole("switch", { name: "New addresses from external-pool" });
      await page.goto("/pools");
      await expect(age).toHaveText(/^Live/);
      await expect(toggle).toBeEnabled();

      await separate.kill();
      await expect(age).toHaveText(/^\d+ \w+ old, reconnecting$/);
      await expect(row).toContainText("9 of 4,096");
      await expect(toggle).toBeDisabled();
      await page.goto("/namespaces");
      await expect(page.getByRole("row", { name: "internal-ns" })).toContainText("internal-pool");
      await expect(age).toHaveText(/reconnecting$/);
      await page.goto("/pools");

      await separate.revive();
      await expect(age).toHaveText(/^Live/, { timeout: 15_000 });
      await expect(row).toContainText("9 of 4,096");
      await expect(toggle).toBeEnabled();
      await separate.kubectl("delete", "deployment", "nginx-deployment", "-n", "external-ns");
      await expect(row).toContainText("0 of 4,096");
    },
  );
});
