import { expect, test } from "vitest";
import type { Problem } from "@/lib/contract/problem.ts";
import { mayHaveHappened, type Outcome, outcomeOf, type ReadBack, SETTLES_MS } from "./outcome-unknown.ts";

const base = {
  uid: "u",
  resourceVersion: "9",
  disabled: false,
  natOutgoing: true,
  ipipMode: "Never",
  vxlanMode: "Never",
  disableBGPExport: false,
  nodeSelector: "all()",
  namespaceSelector: null,
  allowedUses: ["Workload"],
  assignmentMode: "Automatic",
} as const;
type Part = Partial<Omit<typeof base, "disabled" | "natOutgoing" | "uid" | "resourceVersion">> & {
  readonly resourceVersion?: string;
  readonly uid?: string;
  readonly disabled?: boolean;
  readonly natOutgoing?: boolean;
};
const SENT = 1_000_000;

test.each<readonly [string, Part | null | undefined, number | null, Outcome]>([
  ["no answer yet", undefined, SENT + 60_000, "asking"],
  ["an answer of unknown age", { disabled: true }, null, "notYet"],
  ["an answer from before the request", { natOutgoing: false }, SENT - 1, "notYet"],
  ["an earlier version of unknown age", { natOutgoing: false, resourceVersion: "8" }, null, "notYet"],
  ["a later version of unknown age", { disabled: true, resourceVersion: "10" }, null, "happened"],
  ["a later version that is another change", { natOutgoing: false, resourceVersion: "10" }, null, "changed"],
  ["a later version in which nothing has changed", { resourceVersion: "10" }, SENT + SETTLES_MS, "didNot"],
  ["as it was, at once", {}, SENT + 1, "notYet"],
  ["as it was, the last moment before", {}, SENT + SETTLES_MS - 1, "notYet"],
  ["as it was, long enough", {}, SENT + SETTLES_MS, "didNot"],
  ["as asked for", { disabled: true }, SENT + 1, "happened"],
  ["as asked for, and more has changed", { disabled: true, natOutgoing: false }, SENT + 1, "happened"],
  ["something else has changed", { natOutgoing: false }, SENT + 1, "changed"],
  ["deleted", null, SENT + 1, "gone"],
  ["another one of its name", { uid: "v", disabled: true }, SENT + 1, "gone"],
])("read back: %s", (_, part, currentAt, expected) => {
  const pool = part === undefined || part === null ? part : { ...base, allowedUses: ["Workload"], ...part };
  const answer = { pool, currentAt } as ReadBack;
  expect(outcomeOf({ ...base, allowedUses: ["Workload"] }, { disabled: true }, SENT, answer)).toBe(expected);
});

test.each<readonly [string, Pick<Problem, "code" | "status">, boolean]>([
  ["the server does not know", { code: "outcome-unknown", status: 504 }, true],
  ["the server failed itself", { code: "internal", status: 500 }, true],
  ["the connection broke", { code: "unreachable", status: 0 }, true],
  ["the answer broke off", { code: "unreadable", status: 0 }, true],
  ["a proxy gave up", { code: "unreadable", status: 504 }, true],
  ["a proxy refused", { code: "unreadable", status: 403 }, false],
  ["somebody was faster", { code: "conflict", status: 409 }, false],
  ["the API server refused", { code: "upstream", status: 502 }, false],
  ["read-only", { code: "read-only", status: 403 }, false],
])("may have happened: %s", (_, problem, expected) => {
  expect(mayHaveHappened(problem)).toBe(expected);
});
