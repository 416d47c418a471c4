import { expect, test } from "vitest";
import { LogLines } from "./log-lines.ts";
import { conclusion, judge } from "./report.ts";
import type { SoakResult } from "./soak-result.ts";
import type { Sample } from "./sample.ts";
import { compareFacts } from "./truth.ts";

const stalled = { dropped: 5, kept: 0, unnoticed: 0 };
const MB = 1024 * 1024;
const asked = { nodes: 500, viewers: 100, rates: { pods: 500, blocks: 500 } };

function sample(at: number, change: Partial<Sample> = {}): Sample {
  return {
    at,
    p99Ms: 5,
    longestMs: 30,
    idleP99Ms: 1,
    idleLongestMs: 10,
    timers: 120,
    handles: 200,
    cpuMs: at * 400,
    streams: 100,
    rssBytes: 300 * MB,
    heapBytes: 120 * MB,
    heapTakenBytes: 160 * MB,
    externalBytes: 20 * MB,
    bufferBytes: 5 * MB,
    sockets: 220,
    descriptors: 240,
    processors: 0.4,
    waited: 0.1,
    lists: { pods: 1 },
    writes: { pods: at * 500, blocks: at * 500 },
    requests: at * 50,
    ...change,
  };
}

const viewers = { requests: 30_000, refusals: {}, streams: 140, cut: 0, resets: 1, stalled };
const comparison = {
  compared: 15_780,
  lost: [],
  phantom: [],
  viewers: 95,
  wrong: [],
  totals: { compared: 90, differences: [] },
  agreedAfterMs: 600,
};

function result(
  change: Partial<SoakResult> = {},
  of: (at: number) => Partial<Sample> = () => ({}),
): SoakResult {
  const samples = Array.from({ length: 60 }, (_, index) => sample(index * 10, of(index * 10)));
  return {
    seconds: 600,
    samples,
    strikes: [{ name: "outage", loss: "server", from: 100_000, to: 103_000, recoveredMs: 2_000 }],
    seen: [{ writtenAt: 50_000, ms: 240 }],
    viewers,
    comparison,
    log: { counts: {}, unexpected: [] },
    interrupted: null,
    ...change,
  };
}

const broken = (of: SoakResult) =>
  judge(of, asked)
    .filter(({ verdict }) => verdict === "fails")
    .map(({ name }) => name);

test("a run in which nothing happens is flat", () => {
  expect(broken(result())).toEqual([]);
});

test.each<[string, SoakResult]>([
  ["heap", result({}, (at) => ({ heapBytes: (120 + at / 20) * MB }))],
  ["buffers", result({}, (at) => ({ bufferBytes: (5 + at / 20) * MB }))],
  ["resident, level", result({}, () => ({ rssBytes: 700 * MB }))],
  ["sockets", result({}, (at) => ({ sockets: 220 + at / 10 }))],
  ["timers", result({}, (at) => ({ timers: 120 + at }))],
  ["event loop, p99 of a sample", result({}, () => ({ p99Ms: 60 }))],
  ["event loop, longest of a sample (19 of 20)", result({}, () => ({ longestMs: 300 }))],
  ["change to viewer while all is well, p99", result({ seen: [{ writtenAt: 50_000, ms: 1_500 }] })],
  [
    "watch lost to live",
    result({ strikes: [{ name: "watches dropped", loss: "watch", from: 0, to: 1, recoveredMs: 6_000 }] }),
  ],
  [
    "half-open watch to live",
    result({ strikes: [{ name: "half-open", loss: "halfOpen", from: 0, to: 1, recoveredMs: null }] }),
  ],
  ["relists of one kind in a minute", result({}, (at) => ({ lists: { pods: at / 5 } }))],
  ["changes of pods a second", result({}, (at) => ({ writes: { pods: at * 300, blocks: at * 500 } }))],
  [
    "unexplained of 30000 answers",
    result({ viewers: { ...viewers, refusals: { "500 /api/v1/pods": 1, "503 /api/v1/pods": 9 } } }),
  ],
  ["not answered within 30 s", result({ viewers: { ...viewers, refusals: { "timeout /pods": 2 } } })],
  ["readers that did not read", result({ viewers: { ...viewers, stalled: { ...stalled, kept: 1 } } })],
  ["readers that did not read", result({ viewers: { ...viewers, stalled: { ...stalled, dropped: 0 } } })],
  [
    "of 90 totals counted again, different",
    result({ comparison: { ...comparison, totals: { compared: 90, differences: ["pods: 8, not 9"] } } }),
  ],
  ["until everybody knew", result({ comparison: { ...comparison, agreedAfterMs: null } })],
  ["unexplained lines", result({ log: { counts: {}, unexpected: ["TypeError: oops"] } })],
  ["the run", result({ comparison: null, interrupted: "the product process ended" })],
])("not flat: %s", (name, of) => {
  expect(broken(of)).toEqual([name]);
});

test("what is slow because of a fault is not held against calm times, and what slows an idle process not against us", () => {
  expect(broken(result({ seen: [{ writtenAt: 101_000, ms: 4_000 }] }))).toEqual([]);
  const noisy = result({}, () => ({ p99Ms: 65, idleP99Ms: 60, longestMs: 400, idleLongestMs: 350 }));
  expect(broken(noisy)).toEqual([]);
});

test("where the product waits for a processor, times are not judged, and that is said", () => {
  const slow = (waited: number) =>
    judge(
      result({}, () => ({ p99Ms: 60, waited })),
      asked,
    );
  expect(conclusion(slow(0.1))).toBe("NOT flat: 24 hold, 1 failed: time: event loop, p99 of a sample");
  expect(conclusion(slow(0.5))).toMatch(
    /^flat: 24 hold, 0 failed, 1 not judged on so busy a machine \(time: event loop, p99 of a sample\)$/,
  );
});

test("in a short run nobody is dropped for not reading, and that is no fault", () => {
  const none = { ...viewers, stalled: { ...stalled, dropped: 0 } };
  expect(broken(result({ seconds: 60, viewers: none }))).toEqual([]);
});

test("lost is what is absent or otherwise, phantom what is not there", () => {
  const others = { nodes: {}, namespaces: { a: "2 pods, 2 addresses" } };
  const truth = { pods: { "a/x": "1", "a/y": "2" }, blocks: { "10-0-0-0-26": "3 of n" }, ...others };
  const answers = { pods: { "a/x": "1", "a/z": "5" }, blocks: { "10-0-0-0-26": "4 of n" }, ...others };
  expect(compareFacts(truth, answers)).toEqual({
    lost: ["pods a/y: absent instead of 2", "blocks 10-0-0-0-26: 4 of n instead of 3 of n"],
    phantom: ["pods a/z"],
  });
});

test("errors and what is no log entry are unexpected, however the text is cut", () => {
  const log = new LogLines();
  const text = `{"level":"info","msg":"reflector state"}\n\n{"level":"error","msg":"an answer broke off"}\nTypeError: oops\n`;
  for (const piece of text.match(/.{1,7}/gs) ?? []) log.take(piece);
  expect(log.unexpected).toEqual(['{"level":"error","msg":"an answer broke off"}', "TypeError: oops"]);
  expect(Object.fromEntries(log.counts)).toEqual({
    "info: reflector state": 1,
    "error: an answer broke off": 1,
    "no log entry": 1,
  });
});
