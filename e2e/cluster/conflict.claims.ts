import type { Pool } from "../../lib/contract/pools.ts";
import { askToDisable, turnNatOff } from "../steps.ts";
import { expect, test } from "./fixtures.ts";
import { withPool } from "./own-pool.ts";

test.describe("two browsers change one pool", () => {
  test("both disable it at once: one does, the other is told that it is so", async ({
    page,
    otherPage,
    product,
  }) => {
    const pool = await withPool(product, "race");
    const [mine, theirs] = await Promise.all([askToDisable(page, pool), askToDisable(otherPage, pool)]);
    await Promise.all([mine.confirm.click(), theirs.confirm.click()]);
    const conflicts = [mine, theirs].map(({ dialog }) => dialog.getByRole("table", { name: "What changed" }));
    await expect
      .poll(async () => (await Promise.all(conflicts.map((each) => each.count()))).sort())
      .toEqual([0, 1]);
    const loser = (await conflicts[0]?.count()) === 1 ? mine : theirs;
    await expect(loser.dialog).toContainText("so nothing was written");
    await expect(loser.dialog.getByRole("row", { name: /^Disabled/ })).toHaveText(/no.*yes.*yes/);
    for (const each of [page, otherPage])
      await expect(each.getByRole("row", { name: pool })).toContainText("Disabled");
    await product.kubectl("delete", product.kind("IPPool"), pool, "--wait=false");
  });

  test("one changes it under the other's open question: theirs and mine are shown, and mine is written only when asked for", async ({
    page,
    otherPage,
    product,
  }) => {
    const pool = await withPool(product, "under");
    const stored = () =>
      product.kubectl(
        "get",
        product.kind("IPPool"),
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
    expect(await stored()).toMatch(/^(false)? (false)?$/);
    await dialog.getByRole("button", { name: "Apply mine on top" }).click();
    await confirm.click();
    await expect(dialog).toBeHidden();
    expect(await stored()).toMatch(/^true (false)?$/);
    await product.kubectl("delete", product.kind("IPPool"), pool, "--wait=false");
  });

  test("a pool that was deleted and made again under the open question is another one, told by its uid", async ({
    page,
    product,
  }) => {
    const pool = await withPool(product, "again");
    const { uid, resourceVersion } = await product.get<Pool>(`/api/v1/pools/${pool}`);
    const { dialog, confirm } = await askToDisable(page, pool);
    await product.kubectl("delete", product.kind("IPPool"), pool);
    await withPool(product, "again");
    await confirm.click();
    await expect(dialog).toContainText("nothing was written");
    const body = { uid, resourceVersion, disabled: true };
    const { status, text } = await product.ask(`/api/v1/pools/${pool}`, { method: "PATCH", body });
    expect({ status, ...(JSON.parse(text) as object) }).toMatchObject({
      status: 409,
      code: "conflict",
      detail: `The pool ${pool} has been deleted and created anew since you looked at it.`,
    });
    const stored = await product.kubectl(
      "get",
      product.kind("IPPool"),
      pool,
      "-o",
      "jsonpath={.spec.disabled}",
    );
    expect(stored).not.toBe("true");
    await product.kubectl("delete", product.kind("IPPool"), pool, "--wait=false");
  });
});
