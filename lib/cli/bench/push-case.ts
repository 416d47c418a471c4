import { join } from "node:path";
import type { BenchCase } from "./case.ts";
import { Child } from "./child.ts";
import { startChurned } from "./churned.ts";
import { median, type Measurement } from "./measure.ts";

/** Events a second, of pods and of blocks each. */
const churn = 500;
/** Long enough for some hundred events; what a server that gets behind then still has to send may take many times as long. */
const eachSeconds = 0.25;
const longestDrain = 20;
/** A stretch is longer than it was meant to be on a machine so busy that less was taken in. */
const fewestEvents = 100;

/** What the viewers' program saw since it was last asked. */
interface Seen {
  readonly bytes: number;
  readonly plainBytes: number;
  readonly frames: number;
  readonly requests: number;
  readonly failed: number;
  readonly cut: number;
  readonly paceMs: number;
  readonly answerMs: readonly number[];
}

/** The server, and the viewers, over a stretch of time. */
interface Stretch {
  readonly seconds: number;
  /** Events that it took in. */
  readonly events: number;
  readonly cpuMs: number;
  readonly stallP99Ms: number;
  readonly seen: Seen;
}

/** Processor time for each 1,000 events, in milliseconds. */
const cost = ({ cpuMs, events }: Pick<Stretch, "cpuMs" | "events">) => (cpuMs / events) * 1000;

/** Bytes a second to all viewers. */
const rate = ({ seen, seconds }: Stretch) => seen.bytes / seconds;

export const pushCase: BenchCase = {
  name: "push",
  summary:
    "what telling all viewers of 1,000 events a second costs, beside a server that tells each event on its own",
  async run({ runs, short, tell }) {
    tell(`viewers of a cluster with ${2 * churn} events a second`);
    const { url, server, end } = await startChurned({ nodes: short ? 100 : 500, churn });
    const viewers = new Child(join(import.meta.dirname, "push-viewers-child.ts"), [url]);
    try {
      await viewers.firstLine();
      const stretch = (how: "each" | "together", seconds: number) => measured(server, viewers, how, seconds);
      const rows: Measurement[] = [];
      const seconds = short ? 1 : 4;
      for (const count of short ? [100] : [1, 50, 500]) {
        await viewers.ask({ what: "viewers", viewers: count });
        const own: Stretch[] = [];
        const each: number[] = [];
        for (let run = 0; run < runs; run += 1) {
          const together = await stretch("together", seconds);
          own.push(together);
          // With many viewers it gets behind: what it still had to send then is its cost too.
          const told = await stretch("each", eachSeconds);
          let { cpuMs } = told;
          for (let waited = 0; waited < longestDrain; waited += 1) {
            const rest = await stretch("together", 1);
            cpuMs += rest.cpuMs - (cost(together) * rest.events) / 1000;
            if (rate(rest) < 2 * rate(together)) break;
          }
          each.push(cost({ cpuMs, events: told.events }));
          // Whoever was cut off for what lay unsent is there again.
          await viewers.ask({ what: "viewers", viewers: count });
        }
        rows.push(...pushRows(count, own, median(each), short));
      }
      const most = short ? 100 : 500;
      await viewers.ask({ what: "pages", viewers: most });
      // All begin at one moment, and the pace is found by what they then ask.
      await stretch("together", seconds * 2);
      rows.push(...pageRows(most, await stretch("together", seconds * 2)));
      return rows;
    } finally {
      await viewers.end();
      await end();
    }
  },
};

function pushRows(count: number, own: readonly Stretch[], each: number, short: boolean): Measurement[] {
  const name = `push to ${count} viewer${count === 1 ? "" : "s"}`;
  const of = (pick: (one: Stretch) => number) => median(own.map(pick));
  const isMany = count >= 100;
  return [
    {
      name: `${name}: CPU of 1,000 events`,
      value: of(cost),
      against: each,
      peer: "event by event",
      unit: "ms",
      ...(isMany ? { target: { ratio: 1 / 6 } } : {}),
    },
    {
      name: `${name}: event loop p99`,
      value: of(({ stallP99Ms }) => stallP99Ms),
      against: null,
      unit: "ms",
      // The hundredth part of three seconds is one moment in which something else had the processor.
      ...(isMany && !short ? { target: { value: 10 } } : {}),
    },
    {
      name: `${name}: bytes a second each`,
      value: of(({ seen, seconds }) => seen.bytes / seconds / count),
      against: of(({ seen, seconds }) => seen.plainBytes / seconds),
      peer: "unpacked",
      unit: "bytes",
    },
    {
      name: `${name}: streams cut`,
      value: of(({ seen }) => seen.cut),
      against: null,
      unit: "count",
      target: { value: 0 },
    },
  ];
}

function pageRows(count: number, stretch: Stretch): Measurement[] {
  const { stallP99Ms, seen, seconds } = stretch;
  const name = `${count} open pages`;
  const sorted = seen.answerMs.toSorted((one, other) => one - other);
  const row = (what: string, value: number, unit: Measurement["unit"]): Measurement => ({
    name: `${name}: ${what}`,
    value,
    against: null,
    unit,
  });
  return [
    row("CPU of 1,000 events", cost(stretch), "ms"),
    row("event loop p99", stallP99Ms, "ms"),
    row("requests a second", seen.requests / seconds, "count"),
    row("pace", seen.paceMs, "ms"),
    row("answer p95", sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN, "ms"),
    { ...row("failed requests", seen.failed, "count"), target: { value: 0 } },
  ];
}

async function measured(
  server: Child,
  viewers: Child,
  how: "each" | "together",
  seconds: number,
): Promise<Stretch> {
  const look = async () => ({
    ...(await server.ask<{ events: number }>({ what: how })),
    ...(await server.ask<{ cpuMs: number; stallP99Ms: number }>({ what: "vitals" })),
    at: performance.now(),
  });
  const before = await look();
  await viewers.ask({ what: "counts" });
  let after = before;
  do {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    after = await look();
  } while (after.events - before.events < fewestEvents && after.at - before.at < 30_000);
  const seen = await viewers.ask<Seen>({ what: "counts" });
  return {
    seconds: (after.at - before.at) / 1000,
    events: after.events - before.events,
    cpuMs: after.cpuMs - before.cpuMs,
    stallP99Ms: after.stallP99Ms,
    seen,
  };
}
