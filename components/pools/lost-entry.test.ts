import { expect, test } from "vitest";
import { lostEntry } from "./lost-entry.ts";

const base = { uid: "u", resourceVersion: "9" };
const entry = (id: string, change: object = {}) => ({
  id,
  object: { kind: "IPPool", name: "external-pool", uid: "u" },
  resourceVersion: { before: "9", after: "10" },
  to: { disabled: true },
  ...change,
});

test.each<[string, readonly ReturnType<typeof entry>[], string, string | null]>([
  ["by its request id", [entry("other"), entry("mine")], "mine", "mine"],
  ["the log has no such entry done", [entry("other")], "mine", null],
  [
    "no id came: that of this version",
    [entry("other", { resourceVersion: { before: "8", after: "9" } }), entry("mine")],
    "",
    "mine",
  ],
  ["another change of this version", [entry("other", { to: { disabled: false } })], "", null],
  ["another field of this version", [entry("other", { to: { natOutgoing: true } })], "", null],
  ["nothing is known of its fields", [entry("other", { to: null })], "", null],
  [
    "another pool of its name",
    [entry("other", { object: { kind: "IPPool", name: "external-pool", uid: "v" } })],
    "",
    null,
  ],
  ["an empty log", [], "", null],
])("the entry of a write without an answer: %s", (_name, entries, requestId, expected) => {
  expect(lostEntry(entries, base, { disabled: true }, requestId)).toBe(expected);
});
