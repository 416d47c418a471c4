import type { Activity, ActivityAction, ActivityWatch, WatchFinding } from "@/lib/contract/activity.ts";
import { personName } from "@/lib/format/person.ts";
import { formatCount } from "../ui/count.ts";
import type { GlyphShape, Tone } from "../ui/glyph.tsx";
import { plural } from "./pool-words.ts";

/** How long the verdict stays in sight after the watch is over; the log keeps it. */
const LINGERS_MS = 10 * 60_000;

/** An entry whose watch is still going, or has ended a short while ago. */
export function isInSight({ watch }: Activity, now: number): boolean {
  return watch !== null && now < Date.parse(watch.until) + LINGERS_MS;
}

const deeds: Readonly<Record<ActivityAction, string>> = {
  create: "created",
  update: "changed",
  disable: "disabled",
  enable: "enabled",
  delete: "deleted",
  assign: "changed",
  undo: "put back",
};

/** “disabled by ana”. */
export function didWords(entry: Pick<Activity, "action" | "user" | "how">): string {
  return `${entry.action === null ? "changed" : deeds[entry.action]} by ${personName(entry)}`;
}

export interface WatchWords {
  readonly shape: GlyphShape;
  readonly tone: Tone;
  /** "Watching until 15:36", or the verdict in a word or two. */
  readonly head: string;
  readonly text: string;
}

/** The watch of a write in one line. */
export function watchWords(watch: ActivityWatch): WatchWords {
  const { verdict, until } = watch;
  if (verdict === null) {
    const isTrouble = watch.findings.some(({ kind }) => kind !== "tunnelMoved");
    return {
      ...(isTrouble ? warned : { shape: "ring", tone: "muted" }),
      head: `Watching until ${new Date(until).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`,
      text: soFar(watch.findings),
    };
  }
  return { ...verdicts[verdict], text: watch.text ?? soFar(watch.findings) };
}

const warned = { shape: "triangle", tone: "warn" } as const;
const verdicts: Readonly<Record<NonNullable<ActivityWatch["verdict"]>, Omit<WatchWords, "text">>> = {
  quiet: { shape: "dot", tone: "ok", head: "Watched for five minutes" },
  moved: { shape: "dot", tone: "ok", head: "Watched for five minutes" },
  trouble: { ...warned, head: "Trouble after the change" },
  reverted: { shape: "triangle", tone: "crit", head: "The change was put back" },
  interrupted: { shape: "ring", tone: "muted", head: "The watch was cut short" },
  superseded: { shape: "squares", tone: "muted", head: "It was written again" },
};

/** “3 tunnel addresses moved, no pod failed, not reverted”. */
function soFar(findings: readonly WatchFinding[]): string {
  const of = (kind: WatchFinding["kind"]) => findings.filter((finding) => finding.kind === kind);
  const some = (many: number, one: string, more: string, did: string) =>
    many === 0 ? `no ${one} ${did}` : `${formatCount(many)} ${many === 1 ? one : more} ${did}`;
  const tunnels = (many: number, did: string) => some(many, "tunnel address", "tunnel addresses", did);
  const lost = of("tunnelLost").length;
  const others = findings.filter(
    ({ kind }) => kind === "reverted" || kind === "changed" || kind === "deleted",
  );
  return [
    tunnels(of("tunnelMoved").length, "moved"),
    ...(lost > 0 ? [tunnels(lost, "went away")] : []),
    some(of("podFailed").length, "pod", "pods", "failed"),
    ...(others.length === 0
      ? ["not reverted"]
      : others.map(({ kind, subject }) => `${kind} by ${subject.name}`)),
  ].join(", ");
}

/**
 * What whoever made the change has to hear of wherever they are: it was put back, or something has failed because of it. Null: no
 * news of that kind. Taking it back oneself is none.
 */
export function alarmOf({
  watch,
  undo,
  object,
}: Activity): { readonly text: string; readonly tone: Tone } | null {
  if (watch === null || (undo?.undoneBy ?? null) !== null) return null;
  const { findings, verdict } = watch;
  const name = object?.name ?? "";
  const back = findings.find(({ kind }) => kind === "reverted" || kind === "deleted");
  if (back || verdict === "reverted") {
    const who = back?.kind === "reverted" ? ` by ${back.subject.name}` : "";
    return { tone: "crit", text: `${name} was ${back?.kind === "deleted" ? "deleted" : "put back"}${who}` };
  }
  const [lost, failed] = (["tunnelLost", "podFailed"] as const).map(
    (kind) => findings.filter((finding) => finding.kind === kind).length,
  );
  const parts = [
    ...(lost ? [`${lost} ${lost === 1 ? "tunnel address" : "tunnel addresses"} gone`] : []),
    ...(failed ? [plural(failed, "new failure")] : []),
  ];
  return parts.length === 0 ? null : { tone: "warn", text: `${name}: ${parts.join(", ")}` };
}
