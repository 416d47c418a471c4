import type { Activity } from "../../contract/activity.ts";

/** Fields by name, as the contract spells them. */
export type Fields = Readonly<Record<string, unknown>>;

/** An entry as it is stored: what everybody may see, and what an undo needs. */
export interface Kept {
  readonly activity: Activity;
  /** Every field that an undo must find untouched, as the write left them; null: there is nothing to take back. */
  readonly left: Fields | null;
  /** The owner that the write went over, and that its undo may go over as well. */
  readonly override: "helm" | "argocd" | "flux" | null;
  /** The kind that it was about where no object can be named, as far as its address says. */
  readonly kind?: string | undefined;
}

/** Names of the fields that differ. Values are JSON; a field that one of them lacks is not looked at. */
export function differing(one: Fields, other: Fields): string[] {
  return Object.keys(one).filter(
    (field) => field in other && JSON.stringify(one[field]) !== JSON.stringify(other[field]),
  );
}

/** The same fields of another object; null when it has none of them. */
export function pick(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.filter((name) => name in fields).map((name) => [name, fields[name]]));
}
