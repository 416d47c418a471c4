import type { Unknown } from "@/lib/contract/common.ts";

/**
 * Every `unknown` entry in an answer: on itself, its header, its items, and those of its pages. Whatever shape the answer has,
 * it never throws.
 */
export function unknownsIn(data: unknown): readonly Unknown[] {
  if (typeof data !== "object" || data === null || ArrayBuffer.isView(data)) return [];
  if (Array.isArray(data)) return data.flatMap(unknownsIn);
  const { unknown, items, pages, header } = data as Readonly<Record<string, unknown>>;
  const own = Array.isArray(unknown) ? (unknown as readonly Unknown[]) : [];
  return [...own, ...[items, pages, header].flatMap(unknownsIn)];
}

/** The longest reason that is told whole. */
const longest = 80;

/**
 * What a picture says of its own completeness: that nothing is missing, or which kinds may not be read, or else why something is
 * unknown.
 */
export function completenessWords(unknowns: Iterable<Unknown>): string {
  const kinds = new Set<string>();
  const reasons = new Set<string>();
  for (const { permission, reason } of unknowns) {
    if (permission) kinds.add(permission.resource);
    else reasons.add(reason);
  }
  const [first, ...others] = reasons;
  const parts = [
    ...(kinds.size === 0 ? [] : [`no right to read ${[...kinds].join(", ")}`]),
    ...(first === undefined ? [] : [first.length > longest ? `${first.slice(0, longest)}…` : first]),
    ...(others.length === 0 ? [] : [`and ${others.length} more`]),
  ];
  return parts.length === 0 ? "complete: every block was readable" : `incomplete: ${parts.join("; ")}`;
}
