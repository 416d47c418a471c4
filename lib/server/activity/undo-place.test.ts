import { afterEach, beforeEach, expect, test } from "vitest";
import type { Pool } from "../../contract/pools.ts";
import { calicoResource } from "../../inventory/calico-resource.ts";
import { createObject } from "../../kube/objects.ts";
import { startPoolController } from "../../sim/controllers/pool-controller.ts";
import type { Running } from "../../sim/controllers/run.ts";
import { external, type PoolWorld, startPoolWorld } from "../write/testing-pools.ts";
import { until } from "../write/testing.ts";
import { openActivityStore } from "./store.ts";
import { listed, undo } from "./testing.ts";

let world: PoolWorld;
let controller: Running;
beforeEach(async () => {
  openActivityStore(null);
  world = await startPoolWorld(undefined, "native-v3");
  controller = startPoolController(world.connection);
});
afterEach(async () => {
  await controller.stop();
  await world.stop();
});

/** Overlapping pools are not made through us. */
const makeStaging = () =>
  createObject(
    world.connection,
    { resource: calicoResource(world.inventory, "IPPool") },
    {
      apiVersion: "projectcalico.org/v3",
      kind: "IPPool",
      metadata: { name: "staging-pool" },
      spec: { cidr: "10.64.0.0/22", blockSize: 26, nodeSelector: "all()" },
    },
  );
const reasonOf = (name: string) => world.inventory.space.pools.get("", name)?.pool.allocatable?.reason;

/** The controller has written it since. */
async function disable({ name, uid }: Pool): Promise<void> {
  const { metadata } = (await world.stored("pool", name)) as { metadata: Pool };
  const change = { uid, resourceVersion: metadata.resourceVersion, disabled: true };
  expect(await world.write("PATCH", name, change)).toMatchObject({ status: 200 });
}

test("a range that another pool has taken does not come back, which the log says before and the undo after", async () => {
  const before = await world.createdPool(external);
  await until(() => reasonOf("external-pool") === "OK");
  await makeStaging();
  await until(() => reasonOf("staging-pool") === "CIDROverlap");
  await disable(before);
  const note =
    "Enabled again, external-pool gives no addresses all the same: staging-pool has its range by then and keeps it.";
  // At once, before the controller has looked.
  const [entry] = await listed();
  expect(entry).toMatchObject({ action: "disable", undo: { possible: true, note } });
  await until(() => reasonOf("staging-pool") === "OK");
  expect((await listed())[0]).toMatchObject({ undo: { possible: true, note } });
  expect(await undo(entry?.id ?? "")).toMatchObject({ status: 200, body: { note } });
  await until(() => reasonOf("external-pool") === "CIDROverlap");
});

test("a range that nobody took comes back: nothing is noted, whatever the old condition says", async () => {
  const before = await world.createdPool(external);
  await until(() => reasonOf("external-pool") === "OK");
  await disable(before);
  await until(() => reasonOf("external-pool") === "PoolDisabled");
  const [entry] = await listed();
  expect(entry).toMatchObject({ undo: { possible: true, note: null } });
  expect(await undo(entry?.id ?? "")).toMatchObject({ status: 200, body: { note: null } });
});
