import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Namespace } from "@/lib/contract/namespaces.ts";
import { localProblem, ProblemError } from "@/lib/queries/problem-error.ts";
import { assignFromManifest } from "./assign-manifest.ts";

const { readNamespace, updateNamespace } = vi.hoisted(() => ({
  readNamespace: vi.fn(),
  updateNamespace: vi.fn(),
}));
vi.mock("@/lib/queries/namespaces.ts", () => ({ readNamespace, updateNamespace }));

const document = (name: string, pools: string) =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  annotations:\n    cni.projectcalico.org/ipv4pools: '${pools}'\n`;
const three = [document("a", '["p"]'), document("b", '["q"]'), document("c", '["p"]')].join("---\n");
const run = async (text: string, onError: "stop" | "continue" = "stop", dryRun = false) =>
  (await assignFromManifest(text, { onError, dryRun })).results;
const outcomes = async (...args: Parameters<typeof run>) =>
  (await run(...args)).map(({ outcome }) => outcome);
const refusal = (code: string, status: number) =>
  new ProblemError({ type: "", title: code, status, code, detail: "", requestId: "" });

beforeEach(() => {
  vi.useFakeTimers();
  readNamespace.mockImplementation((name: string) =>
    Promise.resolve({
      name,
      uid: `uid-${name}`,
      resourceVersion: "7",
      annotation: { ipv4: name === "c" ? '["p"]' : null, ipv6: null },
    } as Namespace),
  );
  updateNamespace.mockResolvedValue({});
});
afterEach(() => {
  vi.useRealTimers();
  vi.resetAllMocks();
});

test("each document is a write of its own, to the version that was read; what is so already is not written", async () => {
  expect(await outcomes(three)).toEqual(["changed", "changed", "unchanged"]);
  expect(updateNamespace.mock.calls).toEqual([
    ["a", { uid: "uid-a", resourceVersion: "7", ipv4pools: ["p"] }, false],
    ["b", { uid: "uid-b", resourceVersion: "7", ipv4pools: ["q"] }, false],
  ]);
  expect(await outcomes(three, "stop", true)).toEqual(["valid", "valid", "unchanged"]);
  expect(updateNamespace).toHaveBeenLastCalledWith("b", expect.anything(), true);
});

test("after one that is refused the others are not tried, or are", async () => {
  const refuseA = (name: string) =>
    name === "a" ? Promise.reject(refusal("conflict", 409)) : Promise.resolve({});
  updateNamespace.mockImplementation(refuseA);
  expect(await outcomes(three)).toEqual(["refused", "skipped", "skipped"]);
  expect(updateNamespace).toHaveBeenCalledTimes(1);
  expect(await outcomes(three, "continue")).toEqual(["refused", "changed", "unchanged"]);
});

test("a write without an answer is unknown, and not sent again", async () => {
  updateNamespace.mockRejectedValue(localProblem("unreachable", "", ""));
  expect(await outcomes(three)).toEqual(["unknown", "skipped", "skipped"]);
  expect(updateNamespace).toHaveBeenCalledTimes(1);
});

test("a write that came too soon waits for its turn", async () => {
  updateNamespace.mockRejectedValueOnce(refusal("rate-limited", 429));
  const results = outcomes(document("a", '["p"]'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(await results).toEqual(["changed"]);
  expect(updateNamespace).toHaveBeenCalledTimes(2);
});

test("namespaces that are not there, other kinds and broken documents are refused by field", async () => {
  readNamespace.mockResolvedValueOnce(null);
  const text = [document("none", '["p"]'), document("a", '["p"]').replace("Namespace", "Pod"), "kind: *x\n"];
  const results = await run(text.join("---\n"), "continue");
  expect(results.map(({ problem }) => problem?.errors?.map(({ field }) => field))).toEqual([
    ["metadata.name"],
    ["kind"],
    ["kind"],
  ]);
  await expect(run("[")).rejects.toThrow(ProblemError);
});
