import type { Activity } from "@/lib/contract/activity.ts";
import { fieldWords } from "../pools/pool-fields.ts";

/** One field of an attempt. Null: not known, or not there on that side. */
export interface FieldChange {
  readonly field: string;
  readonly label: string;
  readonly from: string | null;
  readonly to: string | null;
}

const labels: ReadonlyMap<string, string> = new Map<string, string>([
  ...fieldWords.map(({ field, label }): [string, string] => [field, label]),
  ["cidr", "CIDR"],
  ["blockSize", "Block size"],
  ["ipv4pools", "IPv4 pools"],
  ["ipv6pools", "IPv6 pools"],
  ["cidrs", "CIDRs"],
]);

/** A value as people read it. Anything may stand there: it was sent by somebody. */
export function valueText(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === null || value === undefined || value === "") return "none";
  if (Array.isArray(value) && value.every((each) => typeof each === "string"))
    return value.length === 0 ? "none" : value.join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The fields of an attempt with what they were and were to be; fields that stay the same only with `all`. */
export function fieldChanges(
  { from, to }: Pick<Activity, "from" | "to">,
  all = false,
): readonly FieldChange[] {
  const names = [...new Set([...Object.keys(to ?? {}), ...Object.keys(from ?? {})])];
  const textOf = (fields: Activity["from"], name: string) =>
    fields !== null && Object.hasOwn(fields, name) ? valueText(fields[name]) : null;
  return names
    .map((field) => ({
      field,
      label: labels.get(field) ?? field,
      from: textOf(from, field),
      to: textOf(to, field),
    }))
    .filter((change) => all || change.from !== change.to);
}

/** In one line: “Disabled: no → yes”; of a created or deleted object its address range. */
export function changeText(entry: Pick<Activity, "from" | "to" | "action">): string | null {
  if (entry.action === "create" || entry.action === "delete") {
    const fields = entry.to ?? entry.from ?? {};
    const range = fields["cidr"] ?? fields["cidrs"];
    return range === undefined ? null : valueText(range);
  }
  const changes = fieldChanges(entry);
  if (changes.length === 0) return null;
  return changes
    .map(({ label, from, to }) => `${label}: ${from === null ? "" : `${from} → `}${to ?? "?"}`)
    .join("; ");
}

/** The fields that an undo of the entry sets, and to what. */
export function valuesBefore({ from, to }: Pick<Activity, "from" | "to">): Readonly<Record<string, unknown>> {
  const before = Object.entries(from ?? {});
  return Object.fromEntries(
    before.filter(([field, value]) => to === null || JSON.stringify(to[field]) !== JSON.stringify(value)),
  );
}
