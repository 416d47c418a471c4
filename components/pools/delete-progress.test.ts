import { expect, test } from "vitest";
import type { PoolDeleteResult } from "@/lib/contract/pools.ts";
import { progressOf } from "./delete-progress.ts";

const plan: PoolDeleteResult["steps"] = (
  ["check", "disable", "wait", "releaseAffinities", "delete"] as const
).map((name) => ({ name, outcome: name === "check" ? "done" : "planned", detail: name }));
const pool = (disabled: boolean, claimed: string | null) => ({
  disabled,
  blocks: { claimed, possible: "64", left: "0" },
});
const outcomes = (...args: Parameters<typeof progressOf>) =>
  progressOf(...args).map(({ outcome }) => outcome);

test.each([
  ["nothing yet", pool(false, "4"), ["running", "planned", "planned", "planned", "planned"]],
  ["disabled", pool(true, "4"), ["done", "done", "running", "planned", "planned"]],
  ["blocks sink", pool(true, "1"), ["done", "done", "running", "planned", "planned"]],
  ["no block left", pool(true, "0"), ["done", "done", "done", "done", "running"]],
  ["gone", null, ["done", "done", "done", "done", "done"]],
] as const)("%s", (_, now, expected) => {
  const [check, ...rest] = plan;
  const begun = check ? [{ ...check, outcome: "planned" as const }, ...rest] : [];
  expect(outcomes(begun, pool(false, "4"), now)).toEqual(expected);
});

test("blocks are counted in the step that takes them back", () => {
  const short = plan.filter(({ name }) => name === "check" || name === "delete").slice(1);
  expect(progressOf(short, pool(true, "4"), pool(true, "3"))[0]?.detail).toBe("3 of 4 blocks are left.");
  expect(progressOf(short, pool(true, null), pool(true, null))[0]?.detail).toBe("delete");
});
