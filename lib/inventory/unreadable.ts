import type { identity } from "./raw.ts";
import type { Row } from "./table.ts";

/** An object whose very subject (its CIDR, say) cannot be read: it is counted and named, and takes part in nothing. */
export interface UnreadableRow extends Row {
  readonly unreadable: readonly string[];
}

export function unreadable(
  known: NonNullable<ReturnType<typeof identity>>,
  reasons: readonly string[],
): UnreadableRow {
  return { ...known, namespace: "", unreadable: reasons, gone: false };
}

export function isUnreadable(row: Row): row is UnreadableRow {
  return "unreadable" in row;
}
