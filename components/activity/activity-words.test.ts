import { expect, test } from "vitest";
import type { Activity } from "@/lib/contract/activity.ts";
import { afterState, headline, objectHref, resultState } from "./activity-words.ts";

const entry = (changes: Partial<Activity>): Activity =>
  ({
    user: "alice",
    how: "oidc",
    action: "disable",
    object: { kind: "IPPool", name: "external-pool", uid: "1" },
    result: "done",
    dryRun: false,
    undo: null,
    watch: null,
    ...changes,
  }) as Activity;

test.each<[Partial<Activity>, string]>([
  [{}, "alice disabled external-pool."],
  [{ user: null, how: "anonymous" }, "Somebody without a login disabled external-pool."],
  [
    { from: { disabled: true }, to: { disabled: true } },
    "alice asked to disable external-pool, and there was nothing to change.",
  ],
  [{ from: { disabled: false }, to: { disabled: true } }, "alice disabled external-pool."],
  [{ from: { disabled: false }, to: null, action: "delete" }, "alice deleted external-pool."],
  [{ result: "conflict" }, "alice asked to disable external-pool."],
  [{ result: "dryRun", dryRun: true }, "alice tried, without storing anything, to disable external-pool."],
  [{ result: "unknown" }, "alice asked to disable external-pool, and nobody knows whether it happened."],
  [{ action: "undo" }, "alice took back a change of external-pool."],
  [{ action: "assign", result: "denied" }, "alice asked to assign pools to external-pool."],
  [
    { action: null, object: null, user: null, how: null, result: "denied" },
    "Somebody unknown asked to change something.",
  ],
])("%j: %s", (changes, words) => {
  expect(headline(entry(changes))).toBe(words);
});

test.each<[Partial<Activity>, string | null]>([
  [{}, "/pools/external-pool"],
  [{ action: "delete" }, null],
  [{ action: "delete", result: "conflict" }, "/pools/external-pool"],
  [{ action: "create", result: "refused" }, null],
  [{ object: { kind: "IPPool", name: "../a?b", uid: null } }, "/pools/..%2Fa%3Fb"],
  [{ object: { kind: "Namespace", name: "default", uid: null } }, "/namespaces?q=default"],
  [{ object: { kind: "Secret", name: "x", uid: null } }, null],
  [{ object: null }, null],
])("%j leads to %s", (changes, href) => {
  expect(objectHref(entry(changes))).toBe(href);
});

test("what became of it afterwards: taken back, before what was watched", () => {
  const watch = { until: "", verdict: "reverted", text: "", findings: [] } as const;
  const undo = { possible: false, reason: "", note: null, undoneBy: "other" };
  expect(afterState(entry({ watch: { ...watch, findings: [] } }))).toMatchObject({
    word: "Put back",
    tone: "crit",
  });
  expect(afterState(entry({ watch: { ...watch, findings: [] }, undo }))).toMatchObject({
    word: "Taken back",
  });
  expect(afterState(entry({}))).toBeNull();
  expect(afterState(entry({ watch: { ...watch, verdict: "superseded", findings: [] } }))).toMatchObject({
    word: "Written again",
    tone: "muted",
  });
  expect(resultState(entry({ result: "refused", dryRun: true })).word).toBe("Refused (dry run)");
  const same = { ipv4pools: ["a"], ipv6pools: null };
  expect(resultState(entry({ from: same, to: { ...same } })).word).toBe("No change");
  expect(resultState(entry({ from: same, to: { ipv4pools: null } })).word).toBe("Done");
});
