import type { Sample } from "./sample.ts";
import type { SoakResult, Strike } from "./soak-result.ts";
import { afterWarmUp, type Bound, judgeGrowth, median, quantile } from "./verdict.ts";

/** One line of the verdict. */
export interface Check {
  readonly name: string;
  readonly value: string;
  readonly bound: string;
  readonly holds: boolean;
}

/** Levels and times are judged with this much slack: the machine may have other things to do. */
const slack = 2;

const memory: Bound = { share: 0.05, least: 10 * 1024 * 1024 };
/** Freed memory goes back to the system late. */
const resident: Bound = { share: 0.1, least: 30 * 1024 * 1024 };
const few: Bound = { share: 0.05, least: 10 };

const count = (value: number) => String(Math.round(value * 10) / 10);
const milliseconds = (value: number) => `${Math.round(value)} ms`;

/** What a soak was asked for. */
interface Asked {
  readonly nodes: number;
  readonly viewers: number;
  readonly rates: { readonly pods: number; readonly blocks: number };
}

/** What must hold after a soak. */
export function judge(result: SoakResult, asked: Asked): readonly Check[] {
  const { samples } = result;
  return [
    growth(samples, "heap", ({ heapBytes }) => heapBytes, memory, megabytes),
    growth(samples, "buffers", ({ bufferBytes }) => bufferBytes, memory, megabytes),
    growth(samples, "other external memory", ({ externalBytes }) => externalBytes, memory, megabytes),
    residentLevel(samples, asked.nodes * podsPerNode),
    growth(samples, "resident memory", ({ rssBytes }) => rssBytes, resident, megabytes),
    growth(samples, "sockets", ({ sockets }) => sockets, few, count),
    growth(samples, "file descriptors", ({ descriptors }) => descriptors, few, count),
    growth(samples, "timers", ({ timers }) => timers, few, count),
    growth(samples, "other handles", ({ handles }) => handles, few, count),
    ...stalls(samples),
    latency(result, asked.viewers),
    ...recoveries(result.strikes),
    relists(result),
    ...rates(result, asked.rates),
    ...truth(result),
    ...behaviour(result),
  ];
}

function growth(
  samples: readonly Sample[],
  name: string,
  valueOf: (sample: Sample) => number | null,
  bound: Bound,
  show: (value: number) => string,
): Check {
  const points = samples.flatMap((sample) => {
    const value = valueOf(sample);
    return value === null ? [] : [{ at: sample.at, value }];
  });
  const { level, growth: grown, allowed, isFlat } = judgeGrowth(points, bound);
  const value = points.length === 0 ? "not to be seen here" : `${show(level)}, grew ${show(grown)}`;
  return { name, value, bound: `grows ≤ ${show(allowed)}`, holds: isFlat };
}

const podsPerNode = 30;

/** 300 MB with 10,000 pods, 512 MB with 100,000. */
function residentLevel(samples: readonly Sample[], pods: number): Check {
  const goal = 300 + (Math.max(0, pods - 10_000) * 212) / 90_000;
  const level = median(afterWarmUp(samples).map(({ rssBytes }) => rssBytes));
  return within("resident memory, level", level, goal * 1024 * 1024, megabytes);
}

/** What an idle process beside it saw in the same seconds is taken off. */
function stalls(samples: readonly Sample[]): Check[] {
  const judged = afterWarmUp(samples);
  const p99 = median(judged.map(({ p99Ms, idleP99Ms }) => Math.max(0, p99Ms - idleP99Ms)));
  const longest = quantile(
    judged.map(({ longestMs, idleLongestMs }) => Math.max(0, longestMs - idleLongestMs)),
    0.95,
  );
  const idle = median(judged.map(({ idleP99Ms }) => idleP99Ms));
  return [
    {
      name: "an idle process beside it, p99 of a sample",
      value: Number.isFinite(idle) ? milliseconds(idle) : "none",
      bound: "taken off below",
      holds: true,
    },
    within("event loop, p99 of a sample", p99, 20, milliseconds),
    within("event loop, longest of a sample (19 of 20)", longest, 100, milliseconds),
  ];
}

function within(name: string, value: number, goal: number, show: (value: number) => string): Check {
  const isKnown = Number.isFinite(value);
  return {
    name,
    value: isKnown ? show(value) : "none",
    bound: `goal ${show(goal)}, ≤ ${show(goal * slack)}`,
    holds: !isKnown || value <= goal * slack,
  };
}

/** Of what was written while everything was well. */
function latency({ seen, strikes }: SoakResult, viewers: number): Check {
  const spells = strikes.map(({ from, to, recoveredMs }) => ({
    from: from - 1_000,
    to: to + (recoveredMs ?? 0) + 1_000,
  }));
  const calm = seen.filter(
    ({ writtenAt }) => !spells.some(({ from, to }) => from <= writtenAt && writtenAt <= to),
  );
  const name = "change to viewer, p99";
  return within(
    name,
    quantile(
      calm.map(({ ms }) => ms),
      0.99,
    ),
    viewers > 100 ? 1_000 : 500,
    milliseconds,
  );
}

/** Of each thing that was written to be seen: how many viewers saw it, and after how long. */
export function latencySeries({ seen }: SoakResult) {
  const byMoment = Map.groupBy(seen, ({ writtenAt }) => writtenAt);
  return Array.from(byMoment, ([writtenAt, all]) => {
    const times = all.map(({ ms }) => ms);
    return { writtenAt, viewers: times.length, medianMs: median(times), longestMs: Math.max(...times) };
  });
}

const losses = [
  { loss: "watch", name: "watch lost to live", goal: 5_000 },
  { loss: "halfOpen", name: "half-open watch to live", goal: 75_000 },
  { loss: "server", name: "outage over to live", goal: 15_000 },
] as const;

function recoveries(strikes: readonly Strike[]): Check[] {
  return losses.flatMap(({ loss, name, goal }) => {
    const times = strikes
      .filter((each) => each.loss === loss)
      .map(({ recoveredMs }) => recoveredMs ?? Infinity);
    if (times.length === 0) return [];
    const longest = Math.max(...times);
    const value = `${milliseconds(median(times))} p50, ${Number.isFinite(longest) ? milliseconds(longest) : "never"} longest of ${times.length}`;
    return [{ name, value, bound: `≤ ${milliseconds(goal)}`, holds: longest <= goal }];
  });
}

/** In any minute no kind is listed more than four times, and once more for each fault. */
function relists({ samples, strikes }: SoakResult): Check {
  let most = { count: 0, resource: "" };
  for (const [index, one] of samples.entries()) {
    for (const other of samples.slice(index + 1)) {
      if (other.at - one.at > 60) break;
      for (const [resource, total] of Object.entries(other.lists)) {
        const listed = total - (one.lists[resource] ?? 0);
        if (listed > most.count) most = { count: listed, resource };
      }
    }
  }
  const faults = mostInAMinute(strikes.map(({ from }) => from));
  return {
    name: "relists of one kind in a minute",
    value: `${most.count} ${most.resource}`.trim(),
    bound: `≤ 4, and ${faults} for as many faults`,
    holds: most.count <= 4 + faults,
  };
}

function mostInAMinute(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length));
}

function rates(
  { samples, seconds }: SoakResult,
  asked: { readonly pods: number; readonly blocks: number },
): Check[] {
  const last = samples.at(-1);
  return (["pods", "blocks"] as const).map((kind) => {
    const rate = (last?.writes[kind] ?? 0) / Math.max(1, last?.at ?? seconds);
    return {
      name: `changes of ${kind} a second`,
      value: count(rate),
      bound: `≥ ${count(asked[kind] * 0.9)}`,
      holds: rate >= asked[kind] * 0.9,
    };
  });
}

function truth({ comparison, interrupted }: SoakResult): Check[] {
  if (interrupted !== null)
    return [{ name: "the run", value: interrupted, bound: "to its end", holds: false }];
  if (comparison === null) return [];
  const { lost, phantom, wrong, compared, viewers, agreedAfterMs } = comparison;
  return [
    none(`lost of ${compared} objects`, lost.length, lost[0]),
    none("phantoms", phantom.length, phantom[0]),
    none(`wrong in what ${viewers} viewers know`, wrong.length, wrong[0]),
    within("until everybody knew the truth", agreedAfterMs ?? Infinity, 15_000, milliseconds),
  ];
}

function behaviour({ viewers, log }: SoakResult): Check[] {
  // While the API server is down, what has to be asked there cannot be answered; that is said with these.
  const unexplained = Object.entries(viewers.refusals).filter(([what]) => !/^50[234] /.test(what));
  return [
    none(
      `unexplained of ${viewers.requests} answers`,
      unexplained.reduce((sum, [, times]) => sum + times, 0),
      unexplained[0]?.join(" × "),
    ),
    none(`stalled readers not dropped (${viewers.dropped} were)`, viewers.kept, undefined),
    none("unexplained lines in the log", log.unexpected.length, log.unexpected[0]),
  ];
}

function none(name: string, found: number, example: string | undefined): Check {
  return {
    name,
    value: found === 0 ? "0" : `${found}${example === undefined ? "" : `, as ${example.slice(0, 120)}`}`,
    bound: "0",
    holds: found === 0,
  };
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
