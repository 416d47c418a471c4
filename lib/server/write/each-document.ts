import type { Problem } from "../../contract/problem.ts";
import type { AuditDocument } from "../activity/audit-subject.ts";
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

/** What the activity says of one document that was tried. `made`: as the API server stored it. */
export function documentEntry(
  { problem }: Tried,
  about: Pick<AuditDocument, "kind" | "dryRun" | "to" | "left" | "baseline"> & {
    readonly name: string | null;
  },
  made: { readonly uid: string; readonly revision: string } | null,
): AuditDocument {
  const { name, ...rest } = about;
  return {
    ...rest,
    action: "create",
    ...(name === null ? {} : { name }),
    ...(made ? { uid: made.uid, resourceVersionAfter: made.revision } : {}),
    problem: problem ?? null,
  };
}
