import { describe, expect, test } from "vitest";
import type { Namespace, NamespacePatch } from "@/lib/contract/namespaces.ts";
import { assignmentOutcome, choiceOf, patchOf } from "./pool-choice.ts";

// Only what is looked at.
const namespace = (ipv4: string | null, ipv6: string | null = null, rest: object = {}) =>
  ({
    name: "web",
    uid: "u",
    resourceVersion: "1",
    pods: 3,
    annotation: { ipv4, ipv6 },
    ...rest,
  }) as Namespace;
const seen = { uid: "u", resourceVersion: "1" };

test.each<[string | null, readonly string[], Partial<NamespacePatch>]>([
  [null, [], {}],
  [null, ["a"], { ipv4pools: ["a"] }],
  ['["a"]', ["a"], {}],
  ['[ "a" ]', ["a"], {}],
  ['["a","b"]', ["b", "a"], { ipv4pools: ["b", "a"] }],
  ['["a"]', [], { ipv4pools: null }],
  ["not json", [], { ipv4pools: null }],
  ["not json", ["a"], { ipv4pools: ["a"] }],
])("from %j to %j writes %j", (raw, ipv4, patch) => {
  expect(patchOf(namespace(raw), { ipv4, ipv6: [] })).toEqual({ ...seen, ...patch });
});

test("an annotation that cannot be understood chooses nothing", () => {
  expect(choiceOf(namespace("not json", '["six", 6]'))).toEqual({ ipv4: [], ipv6: ["six"] });
});

describe("a write without an answer", () => {
  const base = namespace('["a"]');
  const patch = { ...seen, ipv4pools: ["b"] };
  test.each<[string, Namespace | null | undefined, number | null]>([
    ["asking", undefined, null],
    ["asking", namespace('["b"]'), 999],
    ["happened", namespace('["b"]'), 1001],
    ["notYet", base, 1001],
    ["didNot", base, 11_001],
    ["changed", namespace('["c"]'), 1001],
    ["changed", namespace('["a"]', '["six"]'), 20_000],
    ["gone", null, 1001],
    ["gone", namespace('["b"]', null, { uid: "another" }), 1001],
  ])("%s", (outcome, read, currentAt) => {
    expect(assignmentOutcome(base, patch, 1000, { namespace: read, currentAt })).toBe(outcome);
  });
});
