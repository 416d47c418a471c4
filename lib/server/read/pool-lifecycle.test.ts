import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { RawRecord } from "../../calico/reading.ts";
import type { ImpactAction } from "../../ipam/impact.ts";
import { calicoObject, inventoryOf } from "../../inventory/testing.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { readPoolImpact } from "./pool-impact.ts";
import { listPools } from "./pools.ts";

/** What kube-controllers' pool controller did in a recording, against what our pages say of it, and said before. */

interface Condition {
  readonly status: string;
  readonly reason: string;
}
interface PoolState {
  readonly name: string;
  readonly finalizers: readonly string[];
  readonly deleting: boolean;
  readonly conditions: readonly Condition[];
}
interface Step {
  readonly op: string;
  readonly name: string;
  readonly kind?: string;
  readonly spec?: RawRecord;
  readonly pools?: readonly PoolState[];
}

const file = new URL("../../recordings/pool-lifecycle-native-v3.json", import.meta.url);
const { steps } = JSON.parse(readFileSync(file, "utf8")) as { steps: readonly Step[] };

function inventoryAt(specs: ReadonlyMap<string, RawRecord>, states: readonly PoolState[]): Inventory {
  const pools = states.map(({ name, finalizers, deleting, conditions }) => {
    const age = [...specs.keys()].indexOf(name);
    const object = calicoObject("IPPool", name, specs.get(name) ?? {}, {
      creationTimestamp: `2026-08-22T12:00:0${age}Z`,
      finalizers,
      ...(deleting ? { deletionTimestamp: "2026-08-22T13:00:00Z" } : {}),
    });
    return { ...object, apiVersion: "projectcalico.org/v3", status: { conditions } };
  });
  const inventory = inventoryOf({ pools });
  if (inventory.detection) inventory.setDetection({ ...inventory.detection, apiMode: "native-v3" });
  return inventory;
}

interface Moment {
  readonly specs: ReadonlyMap<string, RawRecord>;
  readonly states: readonly PoolState[];
}

/** The recording's own account, step by step: what stood there, what was done, what stood there then. */
function* history() {
  const specs = new Map<string, RawRecord>();
  let before: Moment = {
    specs: new Map(),
    states: [],
  };
  let done: { action: ImpactAction; name: string } | null = null;
  for (const { op, name, kind, spec = {}, pools } of steps) {
    if (op === "poolStates" && pools) {
      const after: Moment = { specs: new Map(specs), states: pools };
      yield { before, done, after };
      [before, done] = [after, null];
    } else if (kind === "IPPool" && op === "createRaw") specs.set(name, spec);
    else if (kind === "IPPool" && op === "patch") {
      done = { action: spec.disabled === true ? "disable" : "enable", name };
      specs.set(name, { ...specs.get(name), ...spec });
    } else if (kind === "IPPool" && op.startsWith("delete")) done = { action: "delete", name };
  }
}

const ours: Readonly<Record<string, string>> = { Draining: "PoolDisabled" };

test("every state is the one that the controller wrote", () => {
  const seen = [...history()].map(({ after }) => {
    const { items } = listPools(inventoryAt(after.specs, after.states), {});
    const told = (items ?? []).map(({ name, state }) => [
      name,
      state.allocatable,
      ours[state.reason] ?? state.reason,
    ]);
    const written = after.states.map(({ name, conditions: [condition] }) => [
      name,
      condition?.status === "True",
      condition?.reason,
    ]);
    expect(told).toEqual(written);
    return told.length;
  });
  expect(seen.length).toBeGreaterThan(9);
});

test("the preview of a change names the other pools that begin or cease to give addresses, and no more", async () => {
  let previews = 0;
  for (const { before, done, after } of history()) {
    const statusOf = (at: Moment, name: string) =>
      at.states.find((state) => state.name === name)?.conditions[0]?.status;
    const { name, action } = done ?? {};
    if (name === undefined || action === undefined || statusOf(after, name) === undefined) continue;
    const { statements } = await readPoolImpact(inventoryAt(before.specs, before.states), name, action);
    const told = statements.filter(({ kind, subject }) => kind === "poolState" && subject.name !== name);
    const changed = after.states.filter(
      (state) => state.name !== name && statusOf(before, state.name) !== statusOf(after, state.name),
    );
    expect(told.map(({ subject }) => subject.name)).toEqual(changed.map((state) => state.name));
    if (action === "enable") {
      const own = statements.some(({ kind, subject }) => kind === "poolState" && subject.name === name);
      expect(own).toBe(statusOf(after, name) !== "True");
    }
    previews += 1;
  }
  expect(previews).toBeGreaterThan(2);
});
