import { expect, test } from "vitest";
import type { WatchFinding } from "../../contract/activity.ts";
import { noteOf } from "./undo-state.ts";

const finding = (kind: WatchFinding["kind"], name: string): WatchFinding => ({
  kind,
  subject: { kind: "Node", name },
  detail: "",
  at: "",
});

test.each<[string, readonly WatchFinding[], string | null]>([
  ["nothing moved", [finding("podFailed", "a"), finding("changed", "b")], null],
  [
    "two addresses of a node moved",
    [finding("tunnelMoved", "a"), finding("tunnelMoved", "a")],
    "Tunnel addresses of one node have moved since, and stay where they are.",
  ],
  [
    "some are gone",
    [finding("tunnelLost", "a"), finding("tunnelLost", "b")],
    "Tunnel addresses that 2 nodes lost are given anew, and may be others.",
  ],
  [
    "both",
    [finding("tunnelMoved", "a"), finding("tunnelLost", "a")],
    "Tunnel addresses of one node have moved since, and stay where they are. Tunnel addresses that one node lost are given anew, and may be others.",
  ],
])("what an undo leaves as it is: %s", (_name, findings, note) => {
  expect(noteOf({ watch: { until: "", verdict: null, text: null, findings: [...findings] } })).toBe(note);
  expect(noteOf({ watch: null })).toBeNull();
});
