import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** One figure, beside what it is measured against. Only the ratio means anything on another machine. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  /** Null: the figure stands for itself. */
  readonly against: number | null;
  readonly unit: "ms" | "bytes";
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
