import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** One figure, beside what it is measured against. Only the ratio means anything on another machine. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  /** Null: the figure stands for itself. */
  readonly against: number | null;
  /** What `against` was measured of; left out: said by the name. */
  readonly peer?: string;
  readonly unit: "ms" | "bytes" | "count";
  /** What it has to reach; left out: nothing, it explains another one. */
  readonly target?: Target;
}

/** Both are upper bounds. */
export interface Target {
  /** Of `value / against`. */
  readonly ratio?: number;
  /** Of `value` itself. */
  readonly value?: number;
  /** How many times above it is a regression, and fails: 2, or more where it is out of reach, for a reason that is told there. */
  readonly slack?: number;
}

/** How far above its target the figure is: 1 is just met. Null: it has none. */
export function shareOfTarget({ value, against, target }: Measurement): number | null {
  if (!target) return null;
  const shares = [
    ...(target.ratio === undefined || against === null ? [] : [value / against / target.ratio]),
    // Nothing at all is allowed: anything is too much.
    ...(target.value === undefined
      ? []
      : [target.value === 0 ? (value > 0 ? Infinity : 0) : value / target.value]),
  ];
  return shares.length === 0 ? null : Math.max(...shares);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes that are still reachable: objects and the buffers they hold. */
export function heapBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
