import { expect, hasKubectl, test } from "./fixtures.ts";
import { askToDisable, deletePool, pasteYaml, poolDocument } from "./steps.ts";

test.use({ scenario: "native-v3" });

test("a pool is created, judged by Calico's controller, deleted, and held until its last address is back", async ({
  page,
  cluster,
}) => {
  test.skip(!hasKubectl, "kubectl is not on the PATH");
  const row = (name: string) => page.getByRole("row", { name });
  const conditions = (name: string) =>
    cluster.kubectl("get", "ippool", name, "-o", "jsonpath={.status.conditions[*].reason}");

  const dialog = await pasteYaml(page, poolDocument("lab-pool", { cidr: "10.77.0.0/22" }));
  await expect(page.getByText("projectcalico.org/v3, native")).toBeVisible();
  await dialog.getByRole("button", { name: "Create pool" }).click();
  await expect(dialog).toBeHidden();
  await page.goto("/pools");
  await expect(row("lab-pool")).toContainText("Allocatable");
  await expect.poll(() => conditions("lab-pool")).toBe("OK");

  const over = await cluster.manifest("over.yaml", poolDocument("over-pool", { cidr: "10.77.2.0/23" }));
  await cluster.kubectl("create", "-f", over);
  await expect(row("over-pool")).toContainText("It overlaps lab-pool (10.77.0.0/22)");

  const { dialog: question, confirm } = await askToDisable(page, "lab-pool");
  await expect(question).toContainText("over-pool");
  await confirm.click();
  await expect(question).toBeHidden();
  await expect(row("over-pool")).toContainText("Allocatable");
  await expect(row("lab-pool")).toContainText("Disabled");

  await page.goto("/pools/internal-pool");
  await deletePool(page, "internal-pool");
  await page.goto("/pools");
  await expect(row("internal-pool")).toContainText("Terminating");
  await expect(row("internal-pool")).toContainText("30 addresses");
  expect(await conditions("internal-pool")).toBe("Terminating");
});
