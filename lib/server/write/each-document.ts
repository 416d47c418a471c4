import type { Problem } from "../../contract/problem.ts";
import type { AuditSubject } from "../audit.ts";
import { toProblem } from "../problem.ts";

/** What became of one document that was tried. */
export interface Tried {
  readonly outcome: "valid" | "created" | "refused" | "unknown";
  readonly problem?: Problem;
}

/** Tries one document after the other. After one that did not go through the others are skipped, unless `goesOn`. */
export async function eachDocument<Item, Result extends Tried>(
  items: readonly Item[],
  goesOn: boolean,
  one: (item: Item) => Promise<Result>,
): Promise<(Result | { readonly outcome: "skipped" })[]> {
  const results: (Result | { readonly outcome: "skipped" })[] = [];
  let stopped = false;
  for (const item of items) {
    const result = stopped ? ({ outcome: "skipped" } as const) : await one(item);
    results.push(result);
    if (result.outcome === "refused" || result.outcome === "unknown") stopped = !goesOn;
  }
  return results;
}

/** A document that was not created, and why; or of which nobody knows. */
export function refused(error: unknown, requestId: string): Tried & { readonly problem: Problem } {
  const { problem } = toProblem(error, requestId);
  return { outcome: problem.code === "outcome-unknown" ? "unknown" : "refused", problem };
}

/** The outcome of a request that was about several documents, for the log: the worst of theirs. */
export function worstOutcome(
  results: readonly { readonly outcome: string }[],
): Pick<AuditSubject, "outcome"> {
  for (const outcome of ["unknown", "refused"])
    if (results.some((result) => result.outcome === outcome)) return { outcome };
  return {};
}
