/** One value of a series; `at` in seconds since the run began. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/** How much a series may grow over the time that is judged: a share of its level or so much, whichever is more. */
export interface Bound {
  readonly share: number;
  readonly least: number;
}

export interface Growth {
  /** Median of the points judged. */
  readonly level: number;
  readonly growth: number;
  readonly allowed: number;
  readonly isFlat: boolean;
}

/** The part of a run in which caches fill and nothing is judged. */
const warmUpShare = 1 / 5;

/**
 * Whether a series stays where it is after a warm-up of a fifth of the run. Growth is the median of all slopes between two
 * points (Theil–Sen) over the time judged: outliers and sawteeth do not matter to it. A series grows when that and the medians
 * of its first and last third agree. Fewer than six points judged: nothing is said, it counts as flat.
 */
export function judgeGrowth(points: readonly Point[], { share, least }: Bound): Growth {
  const judged = afterWarmUp(points);
  const level = median(judged.map(({ value }) => value));
  const allowed = Math.max(Number.isFinite(level) ? level * share : 0, least);
  if (judged.length < 6) return { level, growth: 0, allowed, isFlat: true };
  const seconds = (judged.at(-1)?.at ?? 0) - (judged[0]?.at ?? 0);
  const growth = slopeOf(judged) * seconds;
  const third = Math.floor(judged.length / 3);
  const of = (part: readonly Point[]) => median(part.map(({ value }) => value));
  // From the middle of the first third to the middle of the last are two thirds of the time.
  const risen = (of(judged.slice(-third)) - of(judged.slice(0, third))) * 1.5;
  return { level, growth, allowed, isFlat: Math.min(growth, risen) <= allowed };
}

export function afterWarmUp<T extends { readonly at: number }>(points: readonly T[]): readonly T[] {
  const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  return points.filter(({ at }) => at >= first + (last - first) * warmUpShare);
}

/** Per second. */
function slopeOf(points: readonly Point[]): number {
  const slopes: number[] = [];
  points.forEach((one, index) => {
    for (const other of points.slice(index + 1)) {
      if (other.at > one.at) slopes.push((other.value - one.value) / (other.at - one.at));
    }
  });
  return median(slopes);
}

/** NaN of nothing. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which that share lies; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
