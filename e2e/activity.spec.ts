import { expect, test } from "./fixtures.ts";
import { askToDisable, turnNatOff } from "./steps.ts";

const pool = "external-pool";

test.describe("what was written is in the log, and is taken back from there", () => {
  test.use({ scenario: "tutorial-done" });

  test("as long as nobody has changed it since", async ({ page, otherPage }) => {
    const { dialog, confirm } = await askToDisable(page, pool);
    await confirm.click();
    await expect(dialog).toBeHidden();

    await page.getByRole("link", { name: "Activity", exact: true }).click();
    const rows = page.getByRole("row").filter({ hasText: pool });
    await expect(rows).toHaveCount(1);
    await expect(rows.first()).toContainText(/Disabled: no\s+to\s+yes/);
    await expect(rows.first()).toContainText("Watching");

    await rows.first().getByText("Disabled: no").click();
    const entry = page.getByRole("dialog", { name: "Activity entry" });
    await expect(entry).toContainText(/Watching until \d\d:\d\d/);
    await expect(entry).toContainText("Written on the pool");
    await entry.getByRole("button", { name: "Take this back" }).click();
    const question = page.getByRole("dialog", { name: `Take this change of ${pool} back?` });
    await expect(question).toContainText("The API server accepted a dry run");
    await question.getByRole("button", { name: `Put ${pool} back` }).click();
    await expect(question).toBeHidden();
    await expect(entry).toContainText("took it back already");
    await expect(rows).toHaveCount(2);
    await expect(rows.first()).toContainText("Take back");
    await expect(rows.last()).toContainText("Taken back");

    // What took it back can be taken back as well, until somebody else changes the pool.
    await rows.first().getByText("Take back").click();
    await expect(entry.getByRole("button", { name: "Take this back" })).toBeEnabled();
    await turnNatOff(otherPage, pool);
    await expect(entry).toContainText("has changed since: natOutgoing is now false");
    await expect(entry.getByRole("button", { name: "Take this back" })).toBeDisabled();
    await expect(rows).toHaveCount(3);
  });
});
