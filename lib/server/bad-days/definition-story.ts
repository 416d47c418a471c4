import { expect } from "vitest";
import { record } from "../../calico/reading.ts";
import { servedKind } from "../../calico/dialect.ts";
import { createObject, getObject, removeObject } from "../../kube/objects.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import { until } from "./until.ts";
import { isCurrent, isLive, resourceOf, timed, type World } from "./world.ts";

const definitions: ResourceRef = {
  group: "apiextensions.k8s.io",
  version: "v1",
  plural: "customresourcedefinitions",
  namespaced: false,
};
/** A kind that is not installed is looked for again this often. */
const LOOKED_FOR_MS = 60_000;

/** The definition of IP reservations, with every reservation, is deleted and created again. */
export async function definitionReplaced(world: World): Promise<void> {
  const { direct, mode, inventory } = world;
  const resource = resourceOf(mode, "IPReservation");
  const { group, version, kind } = servedKind(mode, "IPReservation");
  const definition = { resource: definitions, name: `${resource.plural}.${group}` };
  const reservation = (name: string) => ({
    apiVersion: `${group}/${version}`,
    kind,
    metadata: { name },
    spec: { reservedCIDRs: ["198.19.251.0/28"] },
  });
  const held = () => Array.from(inventory.space.reservations, (row) => row.name);
  await isCurrent(world);
  await createObject(direct, { resource }, reservation("bad-day-one"));
  await until(() => held().includes("bad-day-one"));

  const stored = record(await getObject(direct, definition));
  await removeObject(direct, definition);
  await until(() => /does not serve/.test(inventory.states.missing("reservations")?.reason ?? ""));
  expect(held()).toEqual([]);
  expect(inventory.phase.status).toBe("ready");
  // The other kinds do not mind.
  await isCurrent(world);

  const { name } = record(stored.metadata);
  await createObject(
    direct,
    { resource: definitions },
    {
      apiVersion: stored.apiVersion,
      kind: stored.kind,
      metadata: { name },
      spec: stored.spec,
    },
  );
  const took = await timed(world, () => until(() => inventory.states.knows("reservations")));
  expect(took).toBeLessThan(LOOKED_FOR_MS + 1_000 * world.slack);
  await until(async () => {
    const made = await createObject(direct, { resource }, reservation("bad-day-two")).catch(() => null);
    return made !== null;
  });
  await until(() => held().includes("bad-day-two") && isLive(world));
  expect(held()).not.toContain("bad-day-one");
  await removeObject(direct, { resource, name: "bad-day-two" });
}
