import { readdirSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { tunnelTypes } from "../ipam/attribute-kind.ts";
import type { Pool } from "../ipam/pool.ts";
import { Comparison } from "./compare.ts";
import { type Forecast, forecast, foretold, foretoldError, foretoldStates, poolAround } from "./foresight.ts";
import { Replay } from "./replay.ts";
import { tunnelAddresses } from "./tunnel-annotations.ts";
import type { Recording, Step } from "./step.ts";

/**
 * Before each change of a pool in the recordings our impact is asked for, and held to what Calico's own programs then did: tunnel
 * addresses that moved, went or stayed; pools that began or ceased to give addresses.
 */

const folder = new URL(".", import.meta.url);
const recordings = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Recording)
  .filter(({ steps }) => steps.some(({ op }) => op === "tunnels" || op === "poolStates"));

/** What happened after a change and before anything else that decides about tunnels or pools. */
interface Aftermath {
  readonly passes: readonly Extract<Step, { op: "tunnels" }>[];
  readonly states: Extract<Step, { op: "poolStates" }> | null;
  /** Addresses were taken or given back meanwhile: which one is free next is another question. */
  readonly isDisturbed: boolean;
}

const passive: ReadonlySet<string> = new Set([
  "checkpoint",
  "wait",
  "namespace",
  "pod",
  "podStatus",
  "metrics",
]);

function aftermath(steps: readonly Step[]): Aftermath {
  const passes = new Map<string, Extract<Step, { op: "tunnels" }>>();
  let states: Aftermath["states"] = null;
  let isDisturbed = false;
  for (const step of steps) {
    if (step.op === "tunnels") {
      if (!passes.has(step.node)) passes.set(step.node, step);
    } else if (step.op === "poolStates") states ??= step;
    else if (step.op === "add" || step.op === "del" || step.op === "releaseIP") isDisturbed = true;
    else if (!passive.has(step.op)) break;
  }
  return { passes: [...passes.values()], states, isDisturbed };
}

let compared = 0;

function compareTunnels(result: Comparison, told: Forecast, after: Aftermath, replay: Replay, where: string) {
  for (const { node, annotations, error } of after.passes) {
    const held = told.held.get(node) ?? {};
    const at = `${where} ${node}`;
    const failure = foretoldError(told, node);
    if (error !== undefined) {
      result.same(`${at} error`, failure, error.split("\n").at(-1));
      result.same(`${at} annotations`, held, tunnelAddresses(annotations));
      continue;
    }
    result.same(`${at} error`, failure, null);
    const real = tunnelAddresses(annotations);
    for (const type of tunnelTypes) {
      const otherwise = told.otherwise.get(node)?.[type];
      const one = foretold(told, node, type);
      const pools = replay.snapshot.pools;
      const became = real[type] ?? null;
      const pool = became === null ? null : poolAround(pools, became);
      const expected = one ? one.pool : otherwise === undefined ? null : poolAround(pools, otherwise);
      result.same(`${at} ${type}`, expected, pool);
      if (one?.address && !after.isDisturbed) result.same(`${at} ${type} address`, one.address, became);
      if (one === null && otherwise === held[type])
        result.same(`${at} ${type} kept`, held[type] ?? null, became);
    }
  }
}

function compareStates(result: Comparison, told: Forecast, after: Aftermath, where: string) {
  if (after.states === null) return;
  const real = after.states.pools.map(({ name, conditions }) => [name, conditions[0]?.reason]);
  result.same(`${where} pools`, Object.fromEntries(foretoldStates(told)), Object.fromEntries(real));
}

/** A change that takes back the one before it: what was said of undoing that one is held to what came back. */
function compareUndo(
  result: Comparison,
  first: Forecast,
  { after, pools, isDisturbed }: { after: Aftermath; pools: readonly Pool[]; isDisturbed: boolean },
  where: string,
) {
  for (const { node, annotations } of after.passes) {
    const real = tunnelAddresses(annotations);
    const held = first.held.get(node) ?? {};
    for (const type of tunnelTypes) {
      const told = foretold(
        { ...first, impact: { ...first.impact, statements: first.impact.undo ?? [] } },
        node,
        type,
      );
      const [was, is] = [held[type] ?? null, real[type] ?? null];
      const place = (address: string | null) => (address === null ? null : poolAround(pools, address));
      result.same(`${where} undone ${node} ${type}`, told === null ? place(was) : told.pool, place(is));
      if (isDisturbed || (told !== null && told.address === null)) continue;
      result.same(`${where} undone ${node} ${type} address`, told === null ? was : told.address, is);
    }
  }
  for (const { name, conditions } of after.states?.pools ?? []) {
    const told = first.impact.undo?.find(
      ({ kind, subject }) => kind === "poolState" && subject.name === name,
    );
    const before = first.pools.find((pool) => pool.name === name)?.allocatable?.status;
    const isOther = before !== conditions[0]?.status;
    result.same(`${where} undone ${name}`, told !== undefined, isOther);
  }
}

const isReverse = (one: Step | null, other: Step) =>
  one?.op === "patch" &&
  other.op === "patch" &&
  one.name === other.name &&
  Object.keys({ ...one.spec, ...other.spec }).join() === "disabled" &&
  one.spec.disabled !== other.spec.disabled;

describe("each change of a pool is foretold", () => {
  afterAll(() => {
    process.stdout.write(`impact: ${compared} values compared with what Calico did\n`);
  });

  test.each(recordings.map((recording) => [recording.name, recording] as const))(
    "%s",
    (name, { steps, mode }) => {
      const result = new Comparison();
      const replay = new Replay(new Comparison(), mode === "native-v3");
      let changes = 0;
      let last: { step: Step; told: Forecast; after: Aftermath } | null = null;
      steps.forEach((step, at) => {
        const told = forecast(replay, step);
        replay.play(step, `${name} step ${at}`);
        if (told === null) return;
        changes += 1;
        const after = aftermath(steps.slice(at + 1));
        const where = `${name} step ${at} ${step.op} ${told.name}`;
        compareTunnels(result, told, after, replay, where);
        compareStates(result, told, after, where);
        if (last !== null && isReverse(last.step, step)) {
          const isDisturbed = last.after.isDisturbed || after.isDisturbed;
          compareUndo(result, last.told, { after, pools: replay.snapshot.pools, isDisturbed }, where);
        }
        last = { step, told, after };
      });
      compared += result.compared;
      expect(result.differences.join("\n")).toBe("");
      expect(changes).toBeGreaterThan(0);
      expect(result.compared).toBeGreaterThan(5);
    },
  );
});
