import { goPrettyTable } from "../../format/text-table.ts";
import { type Measurement, shareOfTarget } from "./measure.ts";

/** How one case went. */
export interface CaseResult {
  readonly name: string;
  readonly summary: string;
  readonly measurements: readonly Measurement[];
  /** Why there is nothing, or not everything, to show. */
  readonly error: string | null;
  readonly seconds: number;
  /** The first try had missed by more than the slack; these figures are those of the second. */
  readonly secondTry: boolean;
}

/** `met`, `missed` (within the slack) or `failed`; null: there is no target. */
type Verdict = "met" | "missed" | "failed" | null;

/** A figure up to so many times above its target has missed it, one above that has failed. */
const usualSlack = 2;
/** In the short variant times stand for themselves on a machine that others use too: only the grossly slow fails. */
const shortTimeSlack = 10;

export function verdictOf(one: Measurement, short: boolean): Verdict {
  const share = shareOfTarget(one);
  if (share === null) return null;
  // Nothing measured is no success.
  if (Number.isNaN(share)) return "failed";
  const isTime = one.unit === "ms" && one.target?.ratio === undefined;
  const slack = one.target?.slack ?? (short && isTime ? shortTimeSlack : usualSlack);
  if (share > slack) return "failed";
  return share > 1 ? "missed" : "met";
}

export function hasFailed({ error, measurements }: CaseResult, short: boolean): boolean {
  return error !== null || measurements.some((one) => verdictOf(one, short) === "failed");
}

/** As JSON: each figure with its ratio, its share of the target and the verdict. Figures that could not be read are null. */
export function resultsJson(results: readonly CaseResult[], short: boolean) {
  return results.map((result) => ({
    ...result,
    measurements: result.measurements.map((one) => ({
      ...one,
      ratio: one.against === null ? null : one.value / one.against,
      shareOfTarget: shareOfTarget(one),
      verdict: verdictOf(one, short),
    })),
  }));
}

/** One row a figure under a row for its case, and a last line that counts. */
export function resultsText(results: readonly CaseResult[], short: boolean): string {
  const rows = results.flatMap(({ name, summary, measurements, error, secondTry }) => [
    [`${name}: ${summary}${secondTry ? " (second try)" : ""}`, "", "", "", "", ""],
    ...measurements.map((one) => [`  ${one.name}`, ...figureCells(one), verdictOf(one, short) ?? ""]),
    ...(error === null ? [] : [[`  ${error}`, "", "", "", "", "failed"]]),
  ]);
  const header = ["CASE", "POOLBOARD", "PEER", "RATIO", "TARGET", ""];
  const verdicts = results.flatMap(({ measurements, error }) => [
    ...measurements.map((one) => verdictOf(one, short)),
    ...(error === null ? [] : ["failed" as const]),
  ]);
  const counted = (["met", "missed", "failed"] as const).map(
    (verdict) => `${verdicts.filter((one) => one === verdict).length} ${verdict}`,
  );
  return `${goPrettyTable({ header, rows }, [1, 2, 3, 4])}${counted.join(", ")}\n`;
}

/** Value, peer, ratio and target as people read them. */
export function figureCells(one: Measurement): readonly [string, string, string, string] {
  const { value, against, peer, unit, target } = one;
  const bounds = [
    ...(target?.ratio === undefined ? [] : [ratioText(target.ratio)]),
    ...(target?.value === undefined ? [] : [shown(target.value, unit)]),
  ];
  return [
    shown(value, unit),
    against === null ? "" : `${peer === undefined ? "" : `${peer} `}${shown(against, unit)}`,
    against === null || against === 0 ? "" : ratioText(value / against),
    bounds.length === 0 ? "" : `≤ ${bounds.join(", ")}`,
  ];
}

function shown(value: number, unit: Measurement["unit"]): string {
  if (Number.isNaN(value)) return "not told";
  if (unit === "bytes")
    return value < 100_000 ? `${Math.round(value)} B` : `${(value / 1024 / 1024).toFixed(1)} MB`;
  if (unit === "count") return (Math.round(value * 100) / 100).toLocaleString("en-US");
  if (value >= 10_000) return `${(value / 1000).toFixed(1)} s`;
  return value >= 10 || value === 0 ? `${Math.round(value)} ms` : `${value.toFixed(value < 0.01 ? 5 : 2)} ms`;
}

function ratioText(ratio: number): string {
  if (ratio === 0) return "none";
  return ratio >= 0.1 ? `${ratio.toFixed(2)}×` : `1/${Math.round(1 / ratio).toLocaleString("en-US")}`;
}
