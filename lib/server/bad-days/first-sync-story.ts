import { expect, onTestFinished } from "vitest";
import { createObject, removeObject } from "../../kube/objects.ts";
import { see } from "./view.ts";
import { until } from "./until.ts";
import { isCurrent, poolObject, type World, type WorldOptions } from "./world.ts";

const COUNT = 12;
const LIST_BYTES = COUNT * 20_000;

/** Pools whose list is long in bytes, and a network that breaks connections (RST) in the middle of such a list. */
export const brokenMidList: WorldOptions["prepare"] = async ({ site, proxy, pools, pool, mode }) => {
  const padding = { "poolboard.test/padding": "x".repeat(LIST_BYTES / COUNT) };
  for (let i = 0; i < COUNT; i += 1) {
    const name = `${pool}-${i}`;
    await createObject(site.direct, { resource: pools }, poolObject(mode, name, `198.19.${i}.0/26`, padding));
    onTestFinished(() => removeObject(site.direct, { resource: pools, name }).then(() => {}));
  }
  proxy.resetAfter(LIST_BYTES / 2, 4);
};

/** Until the first list is whole, viewers are told that it is not there yet; then all of it is there. */
export async function startsUnderResets(world: World): Promise<void> {
  const answers = new Set<string>();
  let isOver = false;
  const looking = until(async () => {
    const { status, body } = await see("pools");
    answers.add(status === 200 ? `200 ${String(body["total"])}` : `${status} ${String(body["code"])}`);
    return isOver;
  });
  await isCurrent(world);
  isOver = true;
  await looking;
  const whole = `200 ${String((await see("pools")).body["total"])}`;
  expect([...answers].filter((answer) => answer !== whole)).toEqual(["503 starting"]);
  const mine = Array.from(world.inventory.space.pools, (row) => row.name).filter((name) =>
    name.startsWith(world.pool),
  );
  expect(mine).toHaveLength(COUNT + 1);
}
