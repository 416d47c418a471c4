import { expect, test } from "vitest";
import type { ImpactStatement } from "@/lib/contract/impact.ts";
import { subjectsOf } from "./impact-count.ts";

const about = (name: string, certainty: ImpactStatement["certainty"] = "exact"): ImpactStatement => ({
  kind: "fails",
  subject: { kind: "Namespace", name },
  count: null,
  detail: "",
  certainty,
});

test.each([
  ["all known", [about("a"), about("b")], { count: 2, certainty: "exact" }],
  ["some known", [about("a"), about("unknown", "unknown")], { count: 1, certainty: "atLeast" }],
  ["none known", [about("unknown", "unknown")], { count: 0, certainty: "unknown" }],
  ["known, how many pods it has is not", [about("a", "unknown")], { count: 1, certainty: "exact" }],
  ["a namespace of that name", [about("unknown")], { count: 1, certainty: "exact" }],
] as const)("%s", (_, statements, expected) => {
  expect(subjectsOf(statements)).toEqual(expected);
});
