import { expect, expectAccessible, test } from "./fixtures.ts";
import { confirmed } from "./steps.ts";

test.use({ scenario: "tutorial-done" });

test("addresses are set aside by form, counted, and given free again", async ({ page }) => {
  await page.goto("/addresses");
  await page.getByRole("radio", { name: "Reservations", exact: true }).click({ force: true });
  await expect(page.getByText("Nothing is reserved")).toBeVisible();
  await page.getByRole("button", { name: "New reservation" }).first().click();
  const form = page.getByRole("dialog", { name: "New reservation" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("gateways");
  const addresses = form.getByRole("textbox", { name: "Addresses" });
  await addresses.fill("10.64.0.0/29\nnonsense");
  await expect(addresses).toHaveAccessibleDescription(/nonsense is neither an address nor a CIDR/);
  await addresses.fill("10.64.0.0/29\n10.64.0.4\n10.64.8.1");
  await expect(form.getByText(/Covers 9 addresses, \d+ of them in use/)).toBeVisible();
  await expect(form.getByRole("group", { name: "Where it lies" })).toContainText("Lies in external-pool");
  await expectAccessible(page);
  await form.getByRole("button", { name: "Create reservation" }).click();

  const row = page.getByRole("row", { name: /gateways/ });
  await expect(row).toContainText("external-pool");
  await row.getByRole("button", { name: "Delete reservation gateways" }).click();
  const question = page.getByRole("dialog", { name: "Delete reservation gateways?" });
  const confirm = question.getByRole("button", { name: "Delete gateways" });
  await expect(confirm).toBeDisabled();
  await question.getByRole("textbox", { name: "Type gateways to confirm" }).fill("gateways");
  await confirm.click();
  await expect(page.getByText("Nothing is reserved")).toBeVisible();
});

test("a new pool: the overlap is shown, a free network is offered and taken; its YAML is edited", async ({
  page,
}) => {
  await page.goto("/pools?new=form");
  const form = page.getByRole("dialog", { name: "New pool" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("edge-pool");
  await form.getByRole("textbox", { name: "CIDR" }).fill("10.64.8.0/21");
  await expect(form.getByRole("group", { name: "Where it lies" })).toContainText(
    "Overlaps external-pool 10.64.0.0/20",
  );
  await expectAccessible(page);
  await form.getByRole("button", { name: "Use 10.64.32.0/21" }).click();
  await expect(form.getByRole("group", { name: "Where it lies" })).toContainText(
    "Free, between internal-pool",
  );
  await expect(form.getByText("64 addresses a block, 32 blocks, so 32 nodes can hold one")).toBeVisible();
  await form.getByRole("button", { name: "Create pool" }).click();
  await expect(form).toBeHidden();

  await page.goto("/pools/edge-pool?tab=yaml");
  await page.getByRole("button", { name: "Edit YAML" }).click();
  const edit = page.getByRole("dialog", { name: "YAML of edge-pool" });
  const text = edit.getByRole("textbox", { name: "YAML" });
  const stored = await text.inputValue();
  await text.fill(stored.replace("10.64.32.0/21", "10.64.32.0/22"));
  await expect(edit.getByRole("list", { name: "What is wrong" })).toContainText(
    "spec.cidr cannot be changed",
  );
  await text.fill(stored.replace("natOutgoing: true", "natOutgoing: false"));
  const save = edit.getByRole("button", { name: "Save changes" });
  await confirmed(edit, "edge-pool", save);
  await save.click();
  await expect(edit).toBeHidden();
  await expect(page.getByText("natOutgoing: false")).toBeVisible();
});

test("pools of namespaces: somebody was faster, mine goes on top; the rest by YAML", async ({
  page,
  otherPage,
  baseURL,
}) => {
  const choose = async (who: typeof page, pool: string) => {
    await who.goto(`${baseURL}/namespaces?edit=default`);
    const dialog = who.getByRole("dialog", { name: "Pools for new pods in default" });
    await dialog.getByRole("combobox", { name: "Add an IPv4 pool" }).click();
    await who.getByRole("option", { name: pool }).click();
    await expect(dialog.getByText("Dry run accepted")).toBeVisible();
    return dialog;
  };
  const mine = await choose(page, "external-pool");
  const theirs = await choose(otherPage, "internal-pool");
  await theirs.getByRole("button", { name: "Save annotation" }).click();
  await expect(theirs).toBeHidden();

  await mine.getByRole("button", { name: "Save annotation" }).click();
  const table = mine.getByRole("table", { name: "What changed" });
  await expect(table.getByRole("row", { name: "ipv4pools" }).getByRole("cell")).toHaveText([
    "none",
    '["internal-pool"]',
    '["external-pool"]',
  ]);
  await expectAccessible(page);
  await mine.getByRole("button", { name: "Apply mine on top" }).click();
  await expect(mine.getByText("Dry run accepted")).toBeVisible();
  await mine.getByRole("button", { name: "Save annotation" }).click();
  await expect(mine).toBeHidden();

  await page.goto("/namespaces?new=yaml");
  const dialog = page.getByRole("dialog", { name: "Choose pools from YAML" });
  const document = (name: string, pool: string) =>
    `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels: { a: b }\n  annotations:\n    cni.projectcalico.org/ipv4pools: '["${pool}"]'\n`;
  await dialog
    .getByRole("textbox", { name: "YAML" })
    .fill([document("nowhere", "external-pool"), document("default", "internal-pool")].join("---\n"));
  const results = dialog.getByRole("list", { name: "Documents" }).getByRole("listitem");
  await expect(results).toHaveText([/^nowhereRefused/, /^defaultValidNot written: metadata.labels/]);
  await dialog.getByRole("radio", { name: "Go on with the others", exact: true }).click({ force: true });
  await dialog.getByRole("button", { name: "Change 1 of 2 namespaces" }).click();
  await expect(results).toHaveText([/^nowhereRefused/, /^defaultChanged/]);
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("row", { name: /^default/ })).toContainText("internal-pool");
});
