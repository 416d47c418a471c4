import { expect, test } from "vitest";
import type { Clock } from "../kube/clock.ts";
import type { Change } from "./changes.ts";
import { Changes } from "./changes.ts";

/** A clock that moves only when told. */
function handClock(): Clock & { pass(milliseconds: number): void } {
  let now = 1_000_000;
  let timers: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    after: (milliseconds, run) => {
      const timer = { at: now + milliseconds, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    pass: (milliseconds) => {
      now += milliseconds;
      const due = timers.filter((one) => one.at <= now);
      timers = timers.filter((one) => one.at > now);
      for (const timer of due) timer.run();
    },
  };
}

function feed() {
  const clock = handClock();
  const changes = new Changes(clock);
  const seen: Change[] = [];
  changes.subscribe((change) => seen.push(change));
  return { clock, changes, seen };
}

test("what is marked while muted is told with the next change, and is another version at once", () => {
  const { clock, changes, seen } = feed();
  const before = changes.version;
  changes.muted(() => changes.block("a"));
  clock.pass(1_000);
  expect(seen).toEqual([]);
  expect(changes.version).not.toBe(before);
  changes.touch("pods");
  clock.pass(0);
  expect(seen).toMatchObject([{ blocks: ["a"], touched: ["pods"], version: changes.version }]);
});

test("an isolated change is sent at once, the next ones together 250 ms later", () => {
  const { clock, changes, seen } = feed();
  changes.block("a");
  clock.pass(0);
  expect(seen.map((one) => one.blocks)).toEqual([["a"]]);
  changes.block("b");
  clock.pass(100);
  changes.block("c");
  changes.block("b");
  clock.pass(149);
  expect(seen).toHaveLength(1);
  clock.pass(1);
  expect(seen.map((one) => one.blocks)).toEqual([["a"], ["b", "c"]]);
});

test("a row that was removed and came back is a changed row, and the other way round", () => {
  const { clock, changes, seen } = feed();
  changes.poolRemoved("p");
  changes.pool("p");
  changes.block("b");
  changes.blockRemoved("b");
  clock.pass(0);
  expect(seen[0]).toMatchObject({ pools: ["p"], blocks: [], removed: { pools: [], blocks: ["b"] } });
});

test("every mark raises the version, and the change carries the one it leads to", () => {
  const { clock, changes, seen } = feed();
  const before = changes.version;
  changes.touch("pods", "nodes");
  const after = changes.version;
  expect(after).not.toBe(before);
  clock.pass(0);
  expect(seen[0]?.version).toBe(after);
  expect(seen[0]?.touched).toEqual(["pods", "nodes"]);
});

test("a change of very many rows is a reset", () => {
  const { clock, changes, seen } = feed();
  for (let index = 0; index < 3_000; index++) changes.block(`block-${index}`);
  clock.pass(0);
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({ reset: true, blocks: [], touched: [] });
  changes.resetAll({ newEpoch: true });
  clock.pass(250);
  expect(seen[1]?.version.split(".")[0]).not.toBe(seen[0]?.version.split(".")[0]);
});

test("what has been gathered can be handed out at once, and is not handed out again", () => {
  const { clock, changes, seen } = feed();
  changes.flush();
  changes.block("a");
  changes.flush();
  changes.block("b");
  changes.flush();
  clock.pass(1_000);
  expect(seen.map((one) => one.blocks)).toEqual([["a"], ["b"]]);
});

test("a listener that left is not called", () => {
  const { clock, changes, seen } = feed();
  let calls = 0;
  const leave = changes.subscribe(() => calls++);
  leave();
  changes.pool("p");
  clock.pass(0);
  expect([calls, seen.length]).toEqual([0, 1]);
});
