/** Shares in per cent from which use warns and alarms; 0 < warn ≤ crit ≤ 100. */
export interface Thresholds {
  readonly warn: number;
  readonly crit: number;
}

export const defaultThresholds: Thresholds = { warn: 75, crit: 90 };

export type Level = "ok" | "warn" | "crit";

/** The level of a share in per cent. */
export function levelOf(percent: number, { warn, crit }: Thresholds = defaultThresholds): Level {
  if (percent >= crit) return "crit";
  return percent >= warn ? "warn" : "ok";
}

/** Reads `75,90`; null for text that is not two percentages in that order. Empty text stands for the usual ones. */
export function parseThresholds(text: string): Thresholds | null {
  if (text.trim() === "") return defaultThresholds;
  const [, warn, crit] = /^\s*(\d{1,3})\s*,\s*(\d{1,3})\s*$/.exec(text) ?? [];
  const read = { warn: Number(warn), crit: Number(crit) };
  return read.warn > 0 && read.warn <= read.crit && read.crit <= 100 ? read : null;
}
