import type { ImpactStatement } from "./impact.ts";

/** A statement's subject: a pool. */
export const about = (name: string): ImpactStatement["subject"] => ({ kind: "IPPool", name });

export function addresses(count: bigint): string {
  return count === 1n ? "1 address" : `${number(count)} addresses`;
}

export function pods(count: bigint): string {
  return count === 1n ? "1 pod" : `${number(count)} pods`;
}

export function number(value: bigint): string {
  return value.toLocaleString("en-US");
}

/** As a count of a statement; null: it fits no number. */
export function small(value: bigint): number | null {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null;
}

/** `3 nodes (a, b, c)`, of which at most five are named. */
export function counted(what: string, names: readonly string[]): string {
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return `${names.length} ${what}${names.length === 1 ? "" : "s"} (${names.slice(0, 5).join(", ")}${more})`;
}

/** `a, b and c`; where the parts are longer than a word, `a a, b b, and c c`. */
export function inList(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  if (parts.length < 2) return last;
  const isLong = parts.some((part) => part.includes(" ")) && parts.length > 2;
  const comma = isLong || parts.some((part) => part.includes(",")) ? "," : "";
  return `${parts.slice(0, -1).join(", ")}${comma} and ${last}`;
}
