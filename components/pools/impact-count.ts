import type { Impact, ImpactStatement } from "@/lib/contract/impact.ts";

/** A statement about nobody in particular: what it is about may not be read. */
export const isOpen = ({ certainty, subject }: ImpactStatement) =>
  certainty === "unknown" && subject.name === "unknown";

/** How many things the statements are about: an exact number, the least it can be, or nothing that anybody knows. */
export function subjectsOf(statements: readonly ImpactStatement[]): {
  readonly count: number;
  readonly certainty: ImpactStatement["certainty"];
} {
  const count = statements.filter((statement) => !isOpen(statement)).length;
  if (count === statements.length) return { count, certainty: "exact" };
  return { count, certainty: count > 0 ? "atLeast" : "unknown" };
}

/** Whether anybody has to read it before the action: false when everything stays as it is. */
export function mattersToSomebody({ confirm, statements, undo }: Impact): boolean {
  return (
    confirm === "typeName" ||
    (undo?.length ?? 0) > 0 ||
    statements.some(({ kind }) => kind !== "unchanged" && kind !== "capacity")
  );
}
