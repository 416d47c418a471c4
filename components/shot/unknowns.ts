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

/** The distinct reasons, in the order they are met. */
export function reasonsOf(unknowns: Iterable<Unknown>): readonly string[] {
  return [...new Set([...unknowns].map(({ reason }) => reason))];
}

/** What a picture says of its own completeness: the first reason and how many more, or that there is none. */
export function completenessWords(reasons: readonly string[]): string {
  const [first, ...more] = reasons;
  if (first === undefined) return "complete: every block was readable";
  return `incomplete: ${first}${more.length === 0 ? "" : `, and ${more.length} more`}`;
}
