import { count, type Line, milliseconds, none, verdictOf, withinTime } from "./line.ts";
import type { SoakResult, Strike } from "./soak-result.ts";
import { median, quantile } from "./verdict.ts";

/** What happened to the cluster's changes, to the watches, and to viewers. */

/**
 * From when something was written until a viewer was told. Only of what was written while everything was well: what is written while
 * the API server is gone cannot arrive, and how soon it does afterwards stands under the faults.
 */
export function latencyLine({ seen, strikes }: SoakResult, viewers: number): Line {
  const spells = strikes.map(({ from, to, recoveredMs }) => ({
    from: from - 1_000,
    to: to + (recoveredMs ?? Infinity) + 1_000,
  }));
  const calm = seen
    .filter(({ writtenAt }) => !spells.some(({ from, to }) => from <= writtenAt && writtenAt <= to))
    .map(({ ms }) => ms);
  const goal = viewers > 100 ? 1_000 : 500;
  const line = withinTime("change to viewer while all is well, p99", quantile(calm, 0.99), goal);
  if (calm.length === 0) return line;
  const [middle, most] = [quantile(calm, 0.5), quantile(calm, 1)].map(milliseconds);
  return { ...line, value: `${line.value} (p50 ${middle}, longest ${most} of ${calm.length})` };
}

export function faultLines(result: SoakResult): Line[] {
  return [struck(result.strikes), ...recoveries(result.strikes), relists(result)];
}

/** How often each fault struck. */
function struck(strikes: readonly Strike[]): Line {
  const times = Array.from(
    Map.groupBy(strikes, ({ name }) => name),
    ([name, all]) => `${all.length} ${name}`,
  );
  return { name: "faults", value: times.join(", ") || "none", bound: "", verdict: "told" };
}

const losses = [
  { loss: "watch", name: "watch lost to live", goal: 5_000 },
  { loss: "halfOpen", name: "half-open watch to live", goal: 75_000 },
  { loss: "server", name: "outage over to live", goal: 15_000 },
  { loss: "time", name: "viewer storm over to told", goal: 5_000 },
] as const;

function recoveries(strikes: readonly Strike[]): Line[] {
  return losses.flatMap(({ loss, name, goal }) => {
    const times = strikes
      .filter((each) => each.loss === loss)
      .map(({ recoveredMs }) => recoveredMs ?? Infinity);
    if (times.length === 0) return [];
    const longest = Math.max(...times);
    const value = `${milliseconds(median(times))} p50, ${Number.isFinite(longest) ? milliseconds(longest) : "never"} longest of ${times.length}`;
    return [
      { name, value, bound: `≤ ${milliseconds(goal)}`, verdict: verdictOf(longest <= goal), ofTime: true },
    ];
  });
}

/** In any minute no kind is listed more than four times, and once more for each fault. */
function relists({ samples, strikes }: SoakResult): Line {
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
    verdict: verdictOf(most.count <= 4 + faults),
  };
}

function mostInAMinute(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length));
}

/** How many writes there were. */
export function rateLines(
  { samples, seconds }: SoakResult,
  asked: { readonly pods: number; readonly blocks: number },
): Line[] {
  const last = samples.at(-1);
  return (["pods", "blocks"] as const).map((kind) => {
    const rate = (last?.writes[kind] ?? 0) / Math.max(1, last?.at ?? seconds);
    return {
      name: `changes of ${kind} a second`,
      value: count(rate),
      bound: `≥ ${count(asked[kind] * 0.9)}`,
      verdict: verdictOf(rate >= asked[kind] * 0.9),
      ofTime: true,
    };
  });
}

export function truthLines({ comparison, interrupted }: SoakResult): Line[] {
  if (interrupted !== null)
    return [{ name: "the run", value: interrupted, bound: "to its end", verdict: "fails" }];
  if (comparison === null) return [];
  const { lost, phantom, wrong, compared, viewers, totals, agreedAfterMs } = comparison;
  return [
    none(`lost or otherwise, of ${compared} objects`, lost),
    none("phantoms", phantom),
    none(`wrong in what ${viewers} viewers were told`, wrong),
    none(`of ${totals.compared} totals counted again, different`, totals.differences),
    withinTime("until everybody knew", agreedAfterMs ?? Infinity, 15_000),
  ];
}

/** Of twenty viewers one does not read; after that long it must have been dropped, at the 48 kB a second that each is sent. */
const stalledAfterSeconds = 260;

export function viewerLines({ viewers, seconds }: SoakResult, asked: number): Line[] {
  if (viewers === null) return [];
  const { refusals, requests, stalled } = viewers;
  // While the API server is down, what has to be asked there cannot be answered; that is said with these.
  const troubles = Object.entries(refusals).flatMap(([what, times]) =>
    /^50[234] /.test(what) ? [] : Array.from({ length: times }, () => what),
  );
  const isLate = (what: string) => what.startsWith("timeout ");
  const isDue = asked >= 20 && seconds >= stalledAfterSeconds;
  return [
    none(
      `unexplained of ${requests} answers`,
      troubles.filter((what) => !isLate(what)),
    ),
    { ...none("not answered within 30 s", troubles.filter(isLate)), ofTime: true },
    {
      name: "readers that did not read",
      value: `${stalled.dropped} dropped, ${stalled.kept} kept, ${stalled.unnoticed} were sent too little`,
      bound: isDue
        ? "0 kept, ≥ 1 dropped"
        : `0 kept; dropped from ${stalledAfterSeconds} s and 20 viewers on`,
      verdict: verdictOf(stalled.kept === 0 && (stalled.dropped > 0 || !isDue)),
      // A busy machine sends too little.
      ...(stalled.kept === 0 ? { ofTime: true } : {}),
    },
  ];
}
