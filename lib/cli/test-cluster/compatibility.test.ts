import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { compatibilityTable, readResults, type Result, withTable } from "./compatibility.ts";

test("README's table is what the kept results give", async () => {
  const text = await readFile(new URL("../../../README.md", import.meta.url), "utf8");
  const results = await readResults();
  expect(results.length).toBeGreaterThan(0);
  expect(withTable(text, compatibilityTable(results))).toBe(text);
});

test("a result names no place of the machine that it was made on, and no run", async () => {
  for (const result of await readResults()) {
    const text = JSON.stringify(result);
    expect(text).not.toMatch(/\/tmp|\/home|\/root|localhost|127\.0\.0\.1|pbt-/);
  }
});

const result = (cluster: string, claims: Result["claims"]): Result => ({
  cluster,
  checkedOn: "2026-11-24",
  seconds: 100,
  facts: { Kubernetes: "v1.36.3", "API mode": "crd-v1" },
  claims,
});

test("held and failed claims are counted, and what could not be checked is told once with its reason", () => {
  const text = compatibilityTable([
    result("crd-v1", [
      { claim: "one", outcome: "held" },
      { claim: "two", outcome: "failed" },
      { claim: "three", outcome: "not checked", why: "no kubelets" },
      { claim: "four", outcome: "not checked", why: "no kubelets" },
    ]),
    result("native-v3", [{ claim: "three", outcome: "not checked", why: "no kubelets" }]),
  ]);
  expect(text).toContain("1 held, **1 failed** on 2026-11-24");
  expect(text).toContain("none on a real one: only against Calico's description of it");
  expect(text).toContain("- `crd.projectcalico.org/v1`, `projectcalico.org/v3` as CRDs: no kubelets.");
  expect(text.match(/no kubelets/g)).toHaveLength(1);
  const lengths = new Set(
    text
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .map((line) => line.length),
  );
  expect(lengths.size).toBe(1);
});

test("a README without the marks is refused, one with them keeps the rest", () => {
  expect(() => withTable("# Poolboard", "table")).toThrow("README.md has no");
  const marked =
    "a\n<!-- compatibility: written by npm run test:cluster with --record -->\nold\n<!-- compatibility ends -->\nb";
  expect(withTable(marked, "new\n")).toContain("new\n\n<!-- compatibility ends -->\nb");
});
