import { expect, type Page } from "./fixtures.ts";
import { test } from "./faulty.ts";
import { askToDisable } from "./steps.ts";

const pool = "external-pool";

/** One cluster for both stories, in their order. */
test.describe.configure({ mode: "serial" });

/** Counts what the page sends to change the pool; dry runs are not meant. */
function countWrites(page: Page): { sent: number } {
  const writes = { sent: 0 };
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    if (request.method() === "PATCH" && pathname === `/api/v1/pools/${pool}` && search === "")
      writes.sent += 1;
  });
  return writes;
}

test.describe("no answer comes to a write", () => {
  test("it has arrived: reading the pool back says so, and it is not sent again", async ({
    page,
    faulty,
  }) => {
    const writes = countWrites(page);
    const { confirm } = await askToDisable(page, pool);
    faulty.api.faults.add({ kind: "lost-answer", resource: "ippools", verb: "patch", times: 1 });
    await confirm.click();
    const dialog = page.getByRole("dialog", { name: `Was ${pool} changed?` });
    await expect(dialog.getByRole("status")).toHaveText(`${pool} is stored as you asked for.`);
    await expect(dialog).not.toContainText("Instead of an answer");
    await dialog.getByRole("button", { name: "Close" }).click();
    await expect(page.getByRole("row", { name: pool })).toContainText("Draining");
    expect(writes.sent).toBe(1);
    // As after any other write.
    await page.getByRole("button", { name: /^Undo/ }).click();
    await expect(page.getByText(`${pool} put back as it was`)).toBeVisible();
    await expect(page.getByRole("row", { name: pool })).not.toContainText("Draining");
  });

  test("it has not, and somebody else changed the pool: the next try shows its facts and wants its own click", async ({
    page,
    faulty,
  }) => {
    const writes = countWrites(page);
    const { confirm } = await askToDisable(page, pool);
    faulty.api.faults.add({ kind: "reset", resource: "ippools", verb: "patch", times: 1 });
    await confirm.click();
    const dialog = page.getByRole("dialog", { name: `Was ${pool} changed?` });
    await expect(dialog.getByRole("status")).toContainText(`${pool} is as you saw it.`);
    await fetch(`${faulty.api.url}/apis/crd.projectcalico.org/v1/ippools/${pool}`, {
      method: "PATCH",
      headers: { "Content-Type": "application/merge-patch+json" },
      body: JSON.stringify({ spec: { natOutgoing: false } }),
    });
    await expect(dialog.getByRole("status")).toContainText("somebody else has changed");
    await expect(dialog.getByRole("row", { name: /^NAT for outgoing traffic/ })).toHaveText(
      /yes.*no.*as it is/,
    );
    await dialog.getByRole("button", { name: "Apply mine on top" }).click();

    const question = page.getByRole("dialog", { name: `Disable ${pool}?` });
    await expect(question).toContainText("external-ns");
    await expect(question.getByText("accepted a dry run")).toBeVisible();
    expect(writes.sent).toBe(1);
    await confirm.click();
    await expect(question).toBeHidden();
    await expect(page.getByRole("row", { name: pool })).toContainText("Draining");
    expect(writes.sent).toBe(2);
  });
});

test("an answer that takes long need not be waited for: what became of the write is told all the same", async ({
  page,
  faulty,
}) => {
  const slow = "internal-pool";
  const { dialog, confirm } = await askToDisable(page, slow);
  faulty.api.faults.add({
    kind: "delay",
    resource: "ippools",
    verb: "patch",
    times: 1,
    milliseconds: 4_000,
  });
  await confirm.click();
  await expect(confirm).toBeDisabled();
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeEnabled();
  await page.keyboard.press("Escape");
  const told = page.getByRole("dialog", { name: `Was ${slow} changed?` });
  await expect(told).toContainText("You did not wait for the answer");
  await expect(told.getByRole("status")).toHaveText(/is stored as you asked for|is still as you saw it/, {
    timeout: 15_000,
  });
  await page.keyboard.press("Escape");
  await expect(told).toBeHidden();
});
