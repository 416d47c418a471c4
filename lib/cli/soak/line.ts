import type { Sample } from "./sample.ts";
import { type Bound, judgeGrowth } from "./verdict.ts";

/** One line of the report. `told` explains others and is not judged; `unjudged` cannot be, on this machine at that time. */
export interface Line {
  readonly name: string;
  readonly value: string;
  readonly bound: string;
  readonly verdict: "holds" | "fails" | "unjudged" | "told";
  /** How fast something is: on a machine that has other things to do nobody can say. */
  readonly ofTime?: true;
}

/** Levels and times are judged with this much slack: the machine may have other things to do. */
const slack = 2;

export const count = (value: number) => String(Math.round(value * 10) / 10);
export const milliseconds = (value: number) => `${Math.round(value)} ms`;
export const percent = (share: number) => `${Math.round(share * 100)} %`;
export const verdictOf = (holds: boolean) => (holds ? "holds" : "fails");

export function growth(
  samples: readonly Sample[],
  name: string,
  valueOf: (sample: Sample) => number | null,
  bound: Bound,
  show: (value: number) => string,
): Line {
  const points = samples.flatMap((sample) => {
    const value = valueOf(sample);
    return value === null ? [] : [{ at: sample.at, value }];
  });
  const { level, growth: grown, allowed, isFlat } = judgeGrowth(points, bound);
  const value = points.length === 0 ? "not to be seen here" : `${show(level)}, grew ${show(grown)}`;
  return { name, value, bound: `grows ≤ ${show(allowed)}`, verdict: verdictOf(isFlat) };
}

export function within(name: string, value: number, goal: number, show: (value: number) => string): Line {
  const isKnown = Number.isFinite(value);
  return {
    name,
    value: isKnown ? show(value) : value === Infinity ? "never" : "none",
    bound: `goal ${show(goal)}, ≤ ${show(goal * slack)}`,
    verdict: verdictOf(Number.isNaN(value) || value <= goal * slack),
  };
}

/** As `within`, of milliseconds. */
export function withinTime(name: string, value: number, goal: number): Line {
  return { ...within(name, value, goal, milliseconds), ofTime: true };
}

export function none(name: string, found: readonly string[]): Line {
  const [example] = found;
  return {
    name,
    value: `${found.length}${example === undefined ? "" : `, as ${example.slice(0, 120)}`}`,
    bound: "0",
    verdict: verdictOf(found.length === 0),
  };
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
