import type { Ownership } from "../lib/contract/ownership.ts";
import type { Pool } from "../lib/contract/pools.ts";
import { expect, hasKubectl, test } from "./fixtures.ts";

test.use({ scenario: "operator-owned" });

test("a pool of the operator is locked, shows the exact patch of the Installation, and that patch does it", async ({
  page,
  cluster,
}) => {
  test.skip(!hasKubectl, "kubectl is not on the PATH");
  const row = page.getByRole("row", { name: "edge-pool" });
  await page.goto("/pools");
  await expect(row.getByRole("switch", { name: "New addresses from edge-pool" })).toBeDisabled();
  await row.getByRole("button", { name: "Why edge-pool cannot be switched here" }).click();
  const dialog = page.getByRole("dialog", { name: "edge-pool is changed where it lives" });
  await expect(dialog).toContainText(
    "The Tigera operator keeps it. To disable it so that it lasts, change it there.",
  );
  await expect(dialog).toContainText("Installation default");
  await expect(dialog).toContainText("spec.calicoNetwork.ipPools[1].disableNewAllocations");
  await expect(dialog).toContainText(
    "known from operator v1.36, which came with Calico v3.29; this cluster runs v3.32.1",
  );
  const patch = dialog.getByRole("region", { name: "Patch of the Installation" });
  await expect(patch).toContainText("name: default-ipv4-ippool");
  await expect(patch.getByRole("insertion")).toHaveText("disableNewAllocations: true");
  await expect(dialog.getByText("The API server accepted a dry run of the patch.")).toBeVisible();
  await expect(dialog).toContainText("namespace whose new pods will fail");
  await expect(dialog.getByRole("button", { name: "Change it here anyway" })).toBeHidden();
  await expect(dialog).toContainText(
    /namespace whose new pods will fail.*spec\.calicoNetwork\.ipPools\[1\]/s,
  );
  await expect(dialog.getByRole("button", { name: "Copy the kubectl command" })).toBeEnabled();

  const answer = await page.request.get("/api/v1/pools/edge-pool/ownership?action=disable");
  const { patch: sent } = (await answer.json()) as Ownership;
  await cluster.kubectl("patch", "installation", "default", "--type", "merge", "-p", sent?.body ?? "");
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(row).toContainText("Draining");

  await page.goto("/pools/edge-pool");
  await page.getByRole("button", { name: "Delete" }).click();
  const copy = dialog.getByRole("button", { name: "Copy the kubectl command" });
  await expect(copy).toBeDisabled();
  await dialog.getByRole("textbox", { name: "Type edge-pool to confirm" }).fill("edge-pool");
  await expect(copy).toBeEnabled();
});

test("what is changed past the Installation is taken back within two seconds, and refused by Poolboard", async ({
  page,
  cluster,
}) => {
  test.skip(!hasKubectl, "kubectl is not on the PATH");
  const read = async () => (await (await page.request.get("/api/v1/pools/edge-pool")).json()) as Pool;
  const disabled = ["get", "ippool", "edge-pool", "-o", "jsonpath={.spec.disabled}"] as const;
  await cluster.kubectl(
    "patch",
    "ippool",
    "edge-pool",
    "--type",
    "merge",
    "-p",
    '{"spec":{"disabled":true}}',
  );
  await expect.poll(() => cluster.kubectl(...disabled), { timeout: 2_000 }).not.toBe("true");

  const { uid, resourceVersion } = await read();
  const headers = { origin: cluster.url, "x-requested-by": "poolboard" };
  for (const overrideOwner of [undefined, "helm"]) {
    const data = { uid, resourceVersion, disabled: true, overrideOwner };
    const refused = await page.request.patch("/api/v1/pools/edge-pool", { headers, data });
    expect(refused.status()).toBe(409);
    expect(await refused.json()).toMatchObject({ code: "managed" });
  }
  expect((await read()).disabled).toBe(false);
});

test("a pool of Argo CD shows the field in Git first; here it is changed by who types its name", async ({
  page,
}) => {
  await page.goto("/pools");
  await page.getByRole("switch", { name: "New addresses from internal-pool" }).click();
  const home = page.getByRole("dialog", { name: "internal-pool is changed where it lives" });
  await expect(home).toContainText("Argo CD application netops/pools");
  await expect(home.getByRole("region", { name: "Part of the manifest" })).toHaveText(
    /^spec:\s+disabled: true\s*$/,
  );
  await home.getByRole("button", { name: "Change it here anyway" }).click();
  const dialog = page.getByRole("dialog", { name: "Disable internal-pool?" });
  await expect(dialog).toContainText(
    "Application netops/pools can set disabled: false again at its next sync.",
  );
  const confirm = dialog.getByRole("button", { name: "Disable internal-pool" });
  await expect(dialog.getByText("The API server accepted a dry run")).toBeVisible();
  await expect(confirm).toBeDisabled();
  await dialog.getByRole("textbox", { name: "Type internal-pool to confirm" }).fill("internal-pool");
  await confirm.click();
  await expect(page.getByRole("row", { name: "internal-pool" })).toContainText("Draining");
});

test("settings of such a pool are written where they live, too: the patch is that of the edit", async ({
  page,
}) => {
  await page.goto("/pools/default-ipv4-ippool?tab=settings");
  await page.getByRole("button", { name: "Edit settings" }).click();
  const form = page.getByRole("dialog", { name: "Settings of default-ipv4-ippool" });
  await form.getByRole("checkbox", { name: "NAT for outgoing traffic" }).uncheck();
  await form.getByRole("button", { name: "Show where to change it" }).click();
  const dialog = page.getByRole("dialog", { name: "default-ipv4-ippool is changed where it lives" });
  await expect(dialog.getByRole("insertion")).toHaveText("natOutgoing: Disabled");
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(form.getByRole("checkbox", { name: "NAT for outgoing traffic" })).not.toBeChecked();
});
