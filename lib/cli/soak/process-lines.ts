import { count, growth, type Line, megabytes, milliseconds, percent, within, withinTime } from "./line.ts";
import type { Sample } from "./sample.ts";
import { afterWarmUp, type Bound, median, quantile } from "./verdict.ts";

/** What the samples of the product's process say. */

const memory: Bound = { share: 0.05, least: 10 * 1024 * 1024 };
/** Freed memory goes back to the system late. */
const resident: Bound = { share: 0.1, least: 30 * 1024 * 1024 };
const few: Bound = { share: 0.05, least: 10 };
/** Times mean nothing when the product waits for a processor for so much of the time. */
const mostWaiting = 1 / 3;

export function memoryLines(samples: readonly Sample[], pods: number): Line[] {
  return [
    growth(samples, "heap", ({ heapBytes }) => heapBytes, memory, megabytes),
    growth(samples, "buffers", ({ bufferBytes }) => bufferBytes, memory, megabytes),
    growth(samples, "other external", ({ externalBytes }) => externalBytes, memory, megabytes),
    growth(samples, "resident", ({ rssBytes }) => rssBytes, resident, megabytes),
    ...residentLevel(samples, pods),
  ];
}

export function openLines(samples: readonly Sample[]): Line[] {
  return [
    growth(samples, "sockets", ({ sockets }) => sockets, few, count),
    growth(samples, "file descriptors", ({ descriptors }) => descriptors, few, count),
    growth(samples, "timers", ({ timers }) => timers, few, count),
    growth(samples, "other handles", ({ handles }) => handles, few, count),
  ];
}

/** 300 MB with 10,000 pods, 512 MB with 100,000. */
function residentLevel(samples: readonly Sample[], pods: number): Line[] {
  const goal = 300 + (Math.max(0, pods - 10_000) * 212) / 90_000;
  const judged = afterWarmUp(samples);
  const of = (valueOf: (sample: Sample) => number) => megabytes(median(judged.map(valueOf)));
  const level = median(judged.map(({ rssBytes }) => rssBytes));
  const outside = (sample: Sample) => sample.externalBytes + sample.bufferBytes;
  return [
    within("resident, level", level, goal * 1024 * 1024, megabytes),
    {
      name: "resident, of what",
      value:
        judged.length === 0
          ? "none"
          : [
              `heap in use ${of(({ heapBytes }) => heapBytes)}`,
              `kept free by V8 ${of(({ heapBytes, heapTakenBytes }) => heapTakenBytes - heapBytes)}`,
              `buffers ${of(outside)}`,
              `code, threads, allocator ${of((sample) => sample.rssBytes - sample.heapTakenBytes - outside(sample))}`,
            ].join(", "),
      bound: "",
      verdict: "told",
    },
  ];
}

export function isBusy(samples: readonly Sample[]): boolean {
  return waiting(samples) > mostWaiting;
}

/** The share of its time in which the product's main thread waited for a processor. */
function waiting(samples: readonly Sample[]): number {
  return median(afterWarmUp(samples).flatMap(({ waited }) => waited ?? []));
}

export function processors(samples: readonly Sample[]): Line {
  const worked = median(afterWarmUp(samples).map((sample) => sample.processors));
  const waited = waiting(samples);
  return {
    name: "processors that the product used; waited for one",
    value: Number.isFinite(worked)
      ? `${worked.toFixed(2)}; ${Number.isFinite(waited) ? percent(waited) : "?"} of the time`
      : "none",
    bound: `times are judged up to ${percent(mostWaiting)}`,
    verdict: "told",
  };
}

/** What an idle process beside it saw in the same seconds is taken off. */
export function stallLines(samples: readonly Sample[]): Line[] {
  const judged = afterWarmUp(samples);
  const p99 = median(judged.map(({ p99Ms, idleP99Ms }) => Math.max(0, p99Ms - idleP99Ms)));
  const longest = quantile(
    judged.map(({ longestMs, idleLongestMs }) => Math.max(0, longestMs - idleLongestMs)),
    0.95,
  );
  const idle = median(judged.map(({ idleP99Ms }) => idleP99Ms));
  return [
    {
      name: "late wake-ups of an idle process, p99 of a sample",
      value: Number.isFinite(idle) ? milliseconds(idle) : "none",
      bound: "taken off the next two",
      verdict: "told",
    },
    withinTime("event loop, p99 of a sample", p99, 20),
    withinTime("event loop, longest of a sample (19 of 20)", longest, 100),
  ];
}
