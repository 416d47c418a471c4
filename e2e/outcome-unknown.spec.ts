import { expect, hasKubectl, type Page, test } from "./fixtures.ts";
import { askToDisable } from "./steps.ts";

const pool = "external-pool";

/** Loses the answer to the next write of the pool, which `arrives` or does not; dry runs pass. Counts the writes. */
async function loseWrites(page: Page, arrives: boolean): Promise<{ sent: number }> {
  const writes = { sent: 0 };
  await page.route(new RegExp(`/api/v1/pools/${pool}$`), async (route) => {
    if (route.request().method() !== "PATCH") return route.fallback();
    writes.sent += 1;
    if (writes.sent > 1) return route.fallback();
    if (arrives) await route.fetch();
    return route.abort("connectionreset");
  });
  return writes;
}

test.describe("no answer comes to a write", () => {
  test.use({ scenario: "tutorial-done" });

  test("it has arrived: reading the pool back says so, and it is not sent again", async ({ page }) => {
    const writes = await loseWrites(page, true);
    const { confirm } = await askToDisable(page, pool);
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
    cluster,
  }) => {
    test.skip(!hasKubectl, "kubectl is not on the PATH");
    const writes = await loseWrites(page, false);
    const { confirm } = await askToDisable(page, pool);
    await confirm.click();
    const dialog = page.getByRole("dialog", { name: `Was ${pool} changed?` });
    await expect(dialog.getByRole("status")).toContainText(`${pool} is as you saw it.`);
    await cluster.kubectl(
      "patch",
      "ippools.crd.projectcalico.org",
      pool,
      "--type=merge",
      "-p",
      '{"spec":{"natOutgoing":false}}',
    );
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
