import { expect, test } from "./fixtures.ts";
import { askToDisable, turnNatOff } from "./steps.ts";

const pool = "external-pool";

test.describe("a change can be taken back", () => {
  test.use({ scenario: "tutorial-done" });

  test("by the keyboard, while its toast is there; the pool's page says what is watched", async ({
    page,
  }) => {
    const { dialog, confirm } = await askToDisable(page, pool);
    await confirm.click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("alert").filter({ hasText: `${pool} disabled` })).toContainText(/\d+ s/);
    await page.getByRole("link", { name: pool, exact: true }).click();
    const strip = page.getByRole("status", { name: "After the last change" });
    await expect(strip).toContainText(/Watching until \d\d:\d\d/);
    await expect(strip).toContainText("no tunnel address moved, no pod failed, not reverted");

    await page.keyboard.press("u");
    const undo = page.getByRole("button", { name: "Undo" });
    await expect(undo).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByText(`${pool} put back as it was`)).toBeVisible();
    await expect(page.getByRole("button", { name: "Disable pool" })).toBeVisible();
    await expect(undo).toBeHidden();
  });

  test("but not when somebody else has changed the pool since: who and what, and nothing is written", async ({
    page,
    otherPage,
  }) => {
    const { dialog, confirm } = await askToDisable(page, pool);
    await confirm.click();
    await expect(dialog).toBeHidden();
    const undo = page.getByRole("button", { name: "Undo" });
    await expect(undo).toBeVisible();
    // The toast stays as long as the focus is on it.
    await page.keyboard.press("u");
    await expect(undo).toBeFocused();
    await turnNatOff(otherPage, pool);
    await page.keyboard.press("Enter");
    const refused = page.getByRole("dialog", { name: "It was not taken back" });
    await expect(refused).toContainText(`You asked to take back: ${pool} disabled.`);
    await expect(refused).toContainText("natOutgoing");
    await refused.getByRole("button", { name: "Close" }).click();
    await expect(page.getByRole("row", { name: pool })).toContainText("Draining");
  });
});
