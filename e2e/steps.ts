import { expect, type Locator, type Page } from "./fixtures.ts";

/** What people do on the pages, for stories on any cluster. */

interface Spec {
  readonly [field: string]: string | number | boolean;
}

/** A pool as a YAML document of the version that Calico's own tools take. */
export function poolDocument(name: string, spec: Spec): string {
  const fields = Object.entries(spec).map(([field, value]) => `  ${field}: ${value}\n`);
  return `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata:\n  name: ${name}\nspec:\n${fields.join("")}`;
}

export async function pasteYaml(page: Page, text: string): Promise<Locator> {
  await page.goto("/pools?new=yaml");
  const dialog = page.getByRole("dialog", { name: "Create pools from YAML" });
  await dialog.getByRole("textbox", { name: "YAML" }).fill(text);
  return dialog;
}

export async function choosePool(page: Page, namespace: string, pool: string): Promise<void> {
  await page.getByRole("button", { name: `Choose pools for ${namespace}` }).click();
  const dialog = page.getByRole("dialog", { name: `Pools for new pods in ${namespace}` });
  await dialog.getByRole("combobox", { name: "Add an IPv4 pool" }).click();
  await page.getByRole("option", { name: pool }).click();
  await expect(dialog.getByText("Dry run accepted")).toBeVisible();
  await dialog.getByRole("button", { name: "Save annotation" }).click();
  await expect(dialog).toBeHidden();
}

/** Opens the question whether to disable the pool, types its name where that is asked for, and waits until it can be answered. */
export async function askToDisable(page: Page, pool: string): Promise<{ dialog: Locator; confirm: Locator }> {
  await page.goto("/pools");
  await page.getByRole("switch", { name: `New addresses from ${pool}` }).click();
  const dialog = page.getByRole("dialog", { name: `Disable ${pool}?` });
  const confirm = dialog.getByRole("button", { name: `Disable ${pool}` });
  await confirmed(dialog, pool, confirm);
  return { dialog, confirm };
}

/** Types the pool's name where the dialog asks for it, and waits until its button can be pressed. */
export async function confirmed(dialog: Locator, pool: string, button: Locator): Promise<void> {
  const typed = dialog.getByRole("textbox", { name: `Type ${pool} to confirm` });
  await expect(async () => {
    if (await typed.isVisible()) await typed.fill(pool);
    await expect(button).toBeEnabled({ timeout: 500 });
  }).toPass({ timeout: 10_000 });
}

/** From the pool's own page to the last word of the dialog. */
export async function deletePool(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: `Delete ${name}?` });
  await dialog.getByRole("textbox", { name: `Type ${name} to confirm` }).fill(name);
  await dialog.getByRole("button", { name: `Delete ${name}` }).click();
  await expect(dialog).toBeHidden();
}

/** Turns the NAT of a pool off, on its settings. */
export async function turnNatOff(page: Page, pool: string): Promise<void> {
  await page.goto(`/pools/${pool}?tab=settings`);
  await page.getByRole("button", { name: "Edit settings" }).click();
  const dialog = page.getByRole("dialog", { name: `Settings of ${pool}` });
  await dialog.getByRole("checkbox", { name: "NAT for outgoing traffic" }).uncheck();
  const save = dialog.getByRole("button", { name: "Save changes" });
  await confirmed(dialog, pool, save);
  await save.click();
  await expect(dialog).toBeHidden();
}

/** The path page's verdict on which source address the destination sees. */
export async function expectToSee(
  page: Page,
  from: string,
  to: string | undefined,
  source: string | undefined,
): Promise<void> {
  await page.goto(`/path?from=${from}&to=${to}`);
  await expect(page.getByRole("heading", { name: `${to} sees ${source}` })).toBeVisible();
}

/** Presses Tab until the thing has the focus, as somebody without a mouse would. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let pressed = 0; pressed < 60; pressed += 1) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  await expect(target).toBeFocused();
}
