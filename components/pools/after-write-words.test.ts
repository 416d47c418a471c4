import { expect, test } from "vitest";
import type { Activity, ActivityWatch, WatchFinding } from "@/lib/contract/activity.ts";
import { alarmOf, didWords, isInSight, watchWords } from "./after-write-words.ts";

const until = "2026-11-30T15:36:00Z";
const finding = (kind: WatchFinding["kind"], name: string): WatchFinding => ({
  kind,
  subject: { kind: "Thing", name },
  detail: "",
  at: until,
});
const watch = (parts: Partial<ActivityWatch>): ActivityWatch => ({
  until,
  verdict: null,
  text: null,
  findings: [],
  ...parts,
});
const moved = ["a", "b", "c"].map((name) => finding("tunnelMoved", name));

test.each<readonly [string, Partial<ActivityWatch>, string, string]>([
  ["nothing yet", {}, "muted", "no tunnel address moved, no pod failed, not reverted"],
  ["moves", { findings: moved }, "muted", "3 tunnel addresses moved, no pod failed, not reverted"],
  [
    "harm",
    { findings: [finding("tunnelMoved", "a"), finding("tunnelLost", "b"), finding("podFailed", "p")] },
    "warn",
    "1 tunnel address moved, 1 tunnel address went away, 1 pod failed, not reverted",
  ],
  [
    "somebody else",
    { findings: [finding("changed", "kubectl-edit")] },
    "warn",
    "no tunnel address moved, no pod failed, changed by kubectl-edit",
  ],
  ["over", { verdict: "quiet", text: "Nothing moved." }, "ok", "Nothing moved."],
  ["put back", { verdict: "reverted", text: "Helm changed it back." }, "crit", "Helm changed it back."],
  [
    "over without words",
    { verdict: "moved", findings: moved },
    "ok",
    "3 tunnel addresses moved, no pod failed, not reverted",
  ],
])("the watch in a line: %s", (_, parts, tone, text) => {
  expect(watchWords(watch(parts))).toMatchObject({ tone, text });
});

const entry = (parts: Partial<ActivityWatch> | null, undoneBy: string | null = null) =>
  ({
    object: { kind: "IPPool", name: "p", uid: "u" },
    watch: parts === null ? null : watch(parts),
    undo: { possible: true, reason: null, note: null, undoneBy },
  }) as Activity;

test.each<readonly [string, Activity, string | null]>([
  ["no watch", entry(null), null],
  ["moves are no alarm", entry({ findings: moved }), null],
  [
    "put back by somebody",
    entry({ verdict: "reverted", findings: [finding("reverted", "the Tigera operator")] }),
    "p was put back by the Tigera operator",
  ],
  [
    "taken back by whoever did it",
    entry({ verdict: "reverted", findings: [finding("reverted", "ana")] }, "7"),
    null,
  ],
  ["deleted", entry({ verdict: "trouble", findings: [finding("deleted", "p")] }), "p was deleted"],
  [
    "harm",
    entry({ findings: [finding("tunnelLost", "n"), finding("podFailed", "x"), finding("podFailed", "y")] }),
    "p: 1 tunnel address gone, 2 new failures",
  ],
])("alarm: %s", (_, activity, text) => {
  expect(alarmOf(activity)?.text ?? null).toBe(text);
});

test("a verdict stays in sight for a while", () => {
  const at = Date.parse(until);
  expect([at - 1, at + 60_000, at + 11 * 60_000].map((now) => isInSight(entry({}), now))).toEqual([
    true,
    true,
    false,
  ]);
  expect(isInSight(entry(null), at)).toBe(false);
});

test.each([
  ["disable", "ana", "disabled by ana"],
  ["undo", null, "put back by somebody without a login"],
  [null, "ana", "changed by ana"],
] as const)("who did what: %s", (action, user, expected) => {
  expect(didWords({ action, user, how: "anonymous" })).toBe(expected);
});
