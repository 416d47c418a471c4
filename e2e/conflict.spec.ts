import { expect, hasKubectl, test } from "./fixtures.ts";
import { askToDisable, turnNatOff } from "./steps.ts";

const pool = "external-pool";

test.describe("two browsers change one pool", () => {
  test.use({ scenario: "tutorial-done" });

  test("both disable it at once: one does, the other is told that it is so", async ({ page, otherPage }) => {
    const [mine, theirs] = await Promise.all([askToDisable(page, pool), askToDisable(otherPage, pool)]);
    await Promise.all([mine.confirm.click(), theirs.confirm.click()]);
    const conflicts = [mine, theirs].map(({ dialog }) => dialog.getByRole("table", { name: "What changed" }));
    await expect
      .poll(async () => (await Promise.all(conflicts.map((each) => each.count()))).sort())
      .toEqual([0, 1]);
    const loser = (await conflicts[0]?.count()) === 1 ? mine : theirs;
    await expect(loser.dialog).toContainText("so nothing was written");
    await expect(loser.dialog.getByRole("row", { name: /^Disabled/ })).toHaveText(/no.*yes.*yes/);
    await expect(loser.dialog.getByRole("button", { name: "Apply mine on top" })).toBeHidden();
    await loser.dialog.getByRole("button", { name: "Close" }).click();
    for (const each of [page, otherPage])
      await expect(each.getByRole("row", { name: pool })).toContainText("Draining");
  });

  test("one changes it under the other's open question: theirs and mine, and mine only when asked for", async ({
    page,
    otherPage,
    cluster,
  }) => {
    test.skip(!hasKubectl, "kubectl is not on the PATH");
    const stored = () =>
      cluster.kubectl(
        "get",
        "ippools.crd.projectcalico.org",
        pool,
        "-o",
        "jsonpath={.spec.disabled} {.spec.natOutgoing}",
      );
    const { dialog, confirm } = await askToDisable(page, pool);

    await turnNatOff(otherPage, pool);
    await confirm.click();
    await expect(dialog).toContainText("so nothing was written");
    const changed = dialog.getByRole("table", { name: "What changed" });
    await expect(changed.getByRole("row", { name: /^NAT for outgoing traffic/ })).toHaveText(
      /yes.*no.*as it is/,
    );
    await expect(changed.getByRole("row", { name: /^Disabled/ })).toHaveText(/no.*no.*yes/);
    expect(await stored()).toMatch(/^(false)? false$/);

    // Mine on top is a question of its own: the facts of their version, a dry run on it, and another click.
    await dialog.getByRole("button", { name: "Apply mine on top" }).click();
    await expect(dialog).toContainText("namespace whose new pods will fail");
    await expect(dialog.getByText("accepted a dry run")).toBeVisible();
    expect(await stored()).toMatch(/^(false)? false$/);
    await confirm.click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("row", { name: pool })).toContainText("Draining");
    await expect(otherPage.getByRole("button", { name: "Enable pool" })).toBeVisible();
    expect(await stored()).toBe("true false");
  });
});
