import type { State } from "@/components/ui/state-badge.tsx";
import type { Activity, ActivityAction, ActivityResult, ActivityWatch } from "@/lib/contract/activity.ts";
import { personName } from "@/lib/format/person.ts";

export const resultWords: Record<ActivityResult, string> = {
  done: "Done",
  dryRun: "Dry run",
  denied: "Denied",
  conflict: "Conflict",
  refused: "Refused",
  failed: "Failed",
  unknown: "Unknown",
};

type Change = Pick<Activity, "result" | "from" | "to">;

/** It went through, and every field had that value already. */
function changedNothing({ result, from, to }: Change): boolean {
  if (result !== "done" || !from || !to) return false;
  return Object.entries(to).every(([field, value]) => JSON.stringify(from[field]) === JSON.stringify(value));
}

export function resultState(entry: Change & Pick<Activity, "dryRun">): State {
  const { result, dryRun } = entry;
  const word = dryRun && result !== "dryRun" ? `${resultWords[result]} (dry run)` : resultWords[result];
  switch (result) {
    case "done":
      return changedNothing(entry)
        ? { shape: "ring", tone: "muted", word: "No change" }
        : { shape: "dot", tone: "ok", word };
    case "dryRun":
      return { shape: "ring", tone: "muted", word };
    case "denied":
      return { shape: "barred", tone: "warn", word };
    case "conflict":
      return { shape: "squares", tone: "warn", word };
    case "refused":
      return { shape: "cross", tone: "warn", word };
    case "failed":
      return { shape: "triangle", tone: "crit", word };
    case "unknown":
      return { shape: "half", tone: "warn", word };
  }
}

export const actionWords: Record<ActivityAction, string> = {
  create: "Create",
  update: "Change",
  disable: "Disable",
  enable: "Enable",
  delete: "Delete",
  assign: "Assign pools",
  undo: "Take back",
};

/** What became of the minutes after a write, in a word; null: they were not watched. */
function watchState(watch: ActivityWatch | null): State | null {
  if (watch === null) return null;
  switch (watch.verdict) {
    case null:
      return { shape: "ring", tone: watch.findings.length > 0 ? "warn" : "muted", word: "Watching" };
    case "quiet":
      return { shape: "dot", tone: "ok", word: "Quiet" };
    case "moved":
      return { shape: "dot", tone: "ok", word: "Moved" };
    case "trouble":
      return { shape: "triangle", tone: "warn", word: "Trouble" };
    case "reverted":
      return { shape: "triangle", tone: "crit", word: "Put back" };
    case "interrupted":
      return { shape: "half", tone: "muted", word: "Cut short" };
    case "superseded":
      return { shape: "squares", tone: isHarm(watch) ? "warn" : "muted", word: "Written again" };
  }
}

const harms: readonly string[] = ["tunnelLost", "podFailed"];
const isHarm = ({ findings }: ActivityWatch) => findings.some(({ kind }) => harms.includes(kind));

/** After a write: taken back by a person, or what the watch saw. */
export function afterState({ undo, watch }: Pick<Activity, "undo" | "watch">): State | null {
  if (undo?.undoneBy) return { shape: "ring", tone: "muted", word: "Taken back" };
  return watchState(watch);
}

export const kindWords: ReadonlyMap<string, string> = new Map([
  ["IPPool", "Pool"],
  ["Namespace", "Namespace"],
  ["IPReservation", "Reservation"],
]);

/** How somebody got in, in words. */
export const howWords: Record<NonNullable<Activity["how"]>, string> = {
  anonymous: "without a login",
  session: "with the printed link",
  token: "with the server's token",
  oidc: "with a token of their own",
  proxy: "by the word of a trusted proxy",
};

/** Short enough for a column: the name, or how they got in. */
export function personText({ user, how }: Pick<Activity, "user" | "how">): string {
  if (user !== null) return user;
  switch (how) {
    case "session":
      return "link";
    case "token":
      return "token";
    case "anonymous":
      return "no login";
    default:
      return "unknown";
  }
}

/** "alice disabled external-pool."; "alice asked to disable external-pool." for what did not go through. */
export function headline(entry: Activity): string {
  const { action, object, result, dryRun } = entry;
  const what = object === null ? "something" : object.name;
  const verb = action === null ? "change" : actionWords[action].toLowerCase();
  const asked = action === "assign" ? `assign pools to ${what}` : `${verb} ${what}`;
  const name = personName(entry);
  // A name is written as it is.
  const who = entry.user === null ? `${name.slice(0, 1).toUpperCase()}${name.slice(1)}` : name;
  if (dryRun) return `${who} tried, without storing anything, to ${asked}.`;
  if (result === "unknown") return `${who} asked to ${asked}, and nobody knows whether it happened.`;
  if (changedNothing(entry)) return `${who} asked to ${asked}, and there was nothing to change.`;
  return result === "done" ? `${who} ${past[action ?? "update"]} ${what}.` : `${who} asked to ${asked}.`;
}

const past: Record<ActivityAction, string> = {
  create: "created",
  update: "changed",
  disable: "disabled",
  enable: "enabled",
  delete: "deleted",
  assign: "assigned pools to",
  undo: "took back a change of",
};

/** Where the object is shown; null: it has no page, or is gone. */
export function objectHref({
  object,
  action,
  result,
}: Pick<Activity, "object" | "action" | "result">): string | null {
  if (object === null || (action === "delete" && result === "done")) return null;
  if (action === "create" && result !== "done") return null;
  const name = encodeURIComponent(object.name);
  if (object.kind === "IPPool") return `/pools/${name}`;
  if (object.kind === "Namespace") return `/namespaces?q=${name}`;
  return object.kind === "IPReservation" ? `/addresses?view=reservations&q=${name}` : null;
}
