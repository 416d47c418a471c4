import { expect, test } from "./fixtures.ts";
import { tabTo } from "./steps.ts";

test.describe("by keyboard alone, looking", () => {
  // In one worker, so that one cluster serves them all.
  test.describe.configure({ mode: "default" });
  test.use({ scenario: "tutorial-done", onlyLooks: true });

  test("the first Tab offers to skip the navigation", async ({ page }) => {
    await page.goto("/pools");
    await expect(page.getByRole("row", { name: "external-pool" })).toBeVisible();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("main")).toBeFocused();
  });

  test("/ finds who has an address", async ({ page }) => {
    await page.goto("/pools");
    await expect(page.getByRole("row", { name: "external-pool" })).toBeVisible();
    await page.keyboard.press("/");
    await expect(page.getByRole("textbox", { name: /^Search/ })).toBeFocused();
    await page.keyboard.type("10.64.0.64");
    await expect(page.getByRole("button", { name: /^10\.64\.0\.64 / })).toBeVisible();
    await page.keyboard.press("Enter");
    const card = page.getByRole("dialog", { name: "Address 10.64.0.64" });
    await expect(card).toContainText("external-ns/nginx-deployment");
    await page.keyboard.press("Escape");
    await expect(card).toBeHidden();
  });

  for (const key of ["Control+k", "Meta+k"]) {
    test(`${key} opens the palette, also while something is typed; Esc closes it`, async ({ page }) => {
      await page.goto("/pools");
      const filter = page.getByRole("searchbox", { name: "Filter pools" });
      await tabTo(page, filter);
      await page.keyboard.press(key);
      const search = page.getByRole("textbox", { name: /^Search/ });
      await expect(search).toBeFocused();
      await page.keyboard.press("Escape");
      await expect(search).toBeHidden();
      await expect(filter).toBeFocused();
    });
  }

  test("what is loaded when it is used says so when it cannot be, and comes when asked again", async ({
    page,
  }) => {
    await page.goto("/pools");
    // Before it is loaded ahead of its use; the page may not be listening yet.
    await page.context().setOffline(true);
    const lost = page.getByRole("alert").filter({ hasText: "This part of the page could not be loaded." });
    await expect(async () => {
      await page.keyboard.press("Control+k");
      await expect(lost).toBeVisible({ timeout: 1000 });
    }).toPass();
    await page.context().setOffline(false);
    await lost.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("textbox", { name: /^Search/ })).toBeFocused();
    await expect(lost).toBeHidden();
  });

  test("what is pressed while the palette is under way is for the palette; Esc ends that", async ({
    page,
  }) => {
    // Nothing is loaded ahead of its use.
    await page.addInitScript(() => Object.assign(window, { requestIdleCallback: () => 0 }));
    await page.goto("/pools");
    const row = page.getByRole("row", { name: "external-pool" });
    const search = page.getByRole("textbox", { name: /^Search/ });
    await row.focus();
    let open = () => {};
    const opened = new Promise<void>((resolve) => (open = resolve));
    await page.route(/_next\/static\/chunks/, async (route) => {
      await opened;
      await route.continue();
    });
    const asked = page.waitForRequest(/_next\/static\/chunks/);
    await page.keyboard.press("Control+k");
    await asked;
    await page.keyboard.press("Escape");
    await expect(row).toBeFocused();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("internal-nx");
    await page.keyboard.press("Backspace");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(row).toBeFocused();
    await expect(page).toHaveURL(/\/pools$/);
    open();
    await expect(page).toHaveURL(/namespaces/);
    await expect(search).toBeHidden();
  });

  test("g and a letter goes to each page; in a text field it is text", async ({ page }) => {
    await page.goto("/");
    await expect(page.getByRole("main")).toContainText("external-pool");
    for (const [key, path] of [
      ["p", "/pools"],
      ["a", "/addresses"],
      ["i", "/ipam"],
      ["n", "/namespaces"],
      ["d", "/pods"],
      ["h", "/nodes"],
      ["t", "/path"],
      ["c", "/choose"],
      ["o", "/"],
    ] as const) {
      await page.keyboard.press("g");
      await page.keyboard.press(key);
      await expect(page).toHaveURL(new RegExp(`${path}$`));
    }
    await page.goto("/pools");
    const filter = page.getByRole("searchbox", { name: "Filter pools" });
    await tabTo(page, filter);
    await page.keyboard.type("gp/?");
    await expect(filter).toHaveValue("gp/?");
    await expect(page).toHaveURL(/\/pools/);
  });

  test("? lists the keys", async ({ page }) => {
    await page.goto("/pools");
    await expect(page.getByRole("row", { name: "external-pool" })).toBeVisible();
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keys" })).toContainText("Go to");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog", { name: "Keys" })).toBeHidden();
  });

  test("arrows walk the map, Enter opens the block, Esc comes back", async ({ page }) => {
    await page.goto("/pools/external-pool");
    const map = page.getByRole("application", { name: "Block map of external-pool" });
    await tabTo(page, map);
    await page.keyboard.press("ArrowRight");
    await expect(page.getByText("10.64.0.0/26, unclaimed")).toBeVisible();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByText("10.64.0.64/26, 3 of 64 in use")).toBeVisible();
    await page.keyboard.press("Enter");
    const drawer = page.getByRole("dialog", { name: "Block 10.64.0.64/26" });
    await expect(drawer).toBeFocused();
    await tabTo(page, drawer.getByRole("button", { name: /^10\.64\.0\.64, / }));
    await page.keyboard.press("Enter");
    await expect(drawer).toContainText("external-ns/nginx-deployment");
    await page.keyboard.press("Escape");
    await expect(drawer).toBeHidden();
    await expect(map).toBeFocused();
  });

  test("arrows walk a table's rows, Enter opens one", async ({ page }) => {
    await page.goto("/pools");
    const rows = page.getByRole("table", { name: "Pools" }).getByRole("row");
    await tabTo(page, rows.nth(1));
    await page.keyboard.press("ArrowDown");
    await expect(rows.nth(2)).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1 })).toContainText("external-pool");
  });
});

test.describe("by keyboard alone, changing", () => {
  test.use({ scenario: "tutorial-done" });

  test("a pool is disabled and enabled; another is made, and deleted after its name is typed", async ({
    page,
  }) => {
    await test.step("disable and enable", async () => {
      await page.goto("/pools");
      const toggle = page.getByRole("switch", { name: "New addresses from external-pool" });
      await tabTo(page, toggle);
      await page.keyboard.press("Space");
      const dialog = page.getByRole("dialog", { name: "Disable external-pool?" });
      await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
      await expect(dialog).toContainText("external-ns");
      const confirm = dialog.getByRole("button", { name: "Disable external-pool" });
      await expect(confirm).toBeEnabled();
      await tabTo(page, confirm);
      await page.keyboard.press("Enter");
      await expect(dialog).toBeHidden();
      await expect(toggle).not.toBeChecked();
      await expect(toggle).toBeFocused();
      await page.keyboard.press("Space");
      await expect(toggle).toBeChecked();
    });

    await test.step("make and delete", async () => {
      await page.goto("/pools?new=yaml");
      const create = page.getByRole("dialog", { name: "Create pools from YAML" });
      await expect(create.getByRole("textbox", { name: "YAML" })).toBeFocused();
      await page.keyboard.insertText(
        "apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata:\n  name: spare\nspec:\n  cidr: 10.99.0.0/20\n",
      );
      const offered = create.getByRole("button", { name: "Create pool" });
      await expect(offered).toBeEnabled();
      await tabTo(page, offered);
      await page.keyboard.press("Enter");
      await expect(page.getByRole("row", { name: "spare" })).toBeVisible();
      await expect(create).toBeHidden();

      await page.goto("/pools/spare");
      await tabTo(page, page.getByRole("button", { name: "Delete" }));
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog", { name: "Delete spare?" });
      const confirm = dialog.getByRole("button", { name: "Delete spare" });
      await tabTo(page, dialog.getByRole("textbox", { name: "Type spare to confirm" }));
      await expect(confirm).toBeDisabled();
      await page.keyboard.type("spare");
      await tabTo(page, confirm);
      await page.keyboard.press("Enter");
      await expect(page).toHaveURL(/\/pools$/);
      await expect(page.getByRole("row", { name: "spare" })).toHaveCount(0);
    });
  });
});
