import type { Activity, ActivityWatch, WatchFinding } from "../../contract/activity.ts";
import { formatAge } from "../../format/age.ts";

const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

/** What has been seen, as sentences; the end of the watch adds what it makes of it. */
export interface Seen {
  readonly moved: number;
  readonly lost: number;
  readonly failed: number;
  readonly changed: number;
}

/** "3 tunnel addresses moved, 2 pods failed"; null: nothing. */
export function seenText({ moved, lost, failed, changed }: Seen): string | null {
  const parts = [
    moved > 0 ? `${count(moved, "tunnel address", "tunnel addresses")} moved to another pool` : null,
    lost > 0 ? `${count(lost, "tunnel address is", "tunnel addresses are")} gone` : null,
    failed > 0 ? `${count(failed, "pod", "pods")} got no address because of it` : null,
    changed > 0 ? "somebody else changed the pool as well" : null,
  ].filter((part) => part !== null);
  const [last, ...before] = parts.toReversed();
  if (last === undefined) return null;
  return before.length === 0 ? last : `${before.toReversed().join(", ")} and ${last}`;
}

export function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** Our own words for somebody begin a sentence with a capital; a name is written as it is. */
export function opening(text: string): string {
  return text.replace(/^(the|another|somebody|a) /, (word) => word.slice(0, 1).toUpperCase() + word.slice(1));
}

/** "after 12 s" */
export function after(since: string, now: number): string {
  return `after ${formatAge((now - Date.parse(since)) / 1000)}`;
}

/** What a server says that finds the watch of one that has ended. */
export function interrupted(watch: ActivityWatch, why: string): ActivityWatch {
  const found =
    watch.findings.length === 0 ? "Nothing had been seen by then" : "What had been seen by then stands here";
  return { ...watch, verdict: "interrupted", text: `${why} ${found}.` };
}

const fieldText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** "disabled is now false". */
export function nowText(fields: readonly string[], now: Readonly<Record<string, unknown>>): string {
  return fields.map((field) => `${field} is now ${fieldText(now[field])}`).join(", ");
}

/** What a write did, for a sentence after who: "disabled the pool external-pool". */
export function didText({ action, object, to }: Pick<Activity, "action" | "object" | "to">): string {
  const what =
    `the ${object?.kind === "IPPool" ? "pool" : (object?.kind ?? "object")} ${object?.name ?? ""}`.trim();
  switch (action) {
    case "disable":
      return `disabled ${what}`;
    case "enable":
      return `enabled ${what}`;
    case "create":
      return `created ${what}`;
    case "delete":
      return `deleted ${what}`;
    case "undo":
      return `took a change of ${what} back: ${to ? nowText(Object.keys(to), to) : ""}`;
    default:
      return `changed ${what}${to ? `: ${nowText(Object.keys(to), to)}` : ""}`;
  }
}

/** Findings beyond these are counted and not kept one by one. */
const KEPT_FINDINGS = 200;

export function keptFindings(findings: Iterable<WatchFinding>): WatchFinding[] {
  return [...findings].slice(0, KEPT_FINDINGS);
}
