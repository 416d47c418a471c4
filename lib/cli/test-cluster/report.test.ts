import { expect, test } from "vitest";
import { readPlaywright, readVitest } from "./report.ts";

const spec = (title: string, status: string, result: string, annotations: object[] = []) => ({
  title,
  tests: [{ status, annotations, results: [{ status: result }] }],
});

test("Playwright: outcomes, reasons and facts", () => {
  const suites = [
    {
      title: "a.claims.ts",
      specs: [],
      suites: [
        {
          title: "pools",
          specs: [
            spec("are shown", "expected", "passed", [{ type: "saw Calico", description: "v3.32.1" }]),
            spec("are deleted", "unexpected", "failed", [{ type: "saw Calico", description: "wrong" }]),
            spec("came after the failure", "skipped", "skipped"),
            spec("need IPv6", "skipped", "skipped", [{ type: "skip", description: "no IPv6 here" }]),
          ],
        },
      ],
    },
  ];
  expect(readPlaywright({ suites })).toEqual({
    claims: [
      { claim: "pools: are shown", outcome: "held" },
      { claim: "pools: are deleted", outcome: "failed" },
      { claim: "pools: came after the failure", outcome: "failed" },
      { claim: "pools: need IPv6", outcome: "not checked", why: "no IPv6 here" },
    ],
    facts: { Calico: "v3.32.1" },
  });
});

test("vitest: outcomes and reasons; a file that does not load is a failure", () => {
  const files = [
    {
      file: "lib/a.cluster.test.ts",
      failed: true,
      tests: [
        { name: ["stories", "one"], state: "passed" },
        { name: ["stories", "two"], state: "failed" },
        { name: ["stories", "three"], state: "skipped", note: "kubelets" },
        { name: ["stories", "four"], state: "skipped" },
      ],
    },
    { file: "lib/b.cluster.test.ts", failed: true, tests: [] },
  ];
  expect(readVitest(files).claims).toEqual([
    { claim: "stories: one", outcome: "held" },
    { claim: "stories: two", outcome: "failed" },
    { claim: "stories: three", outcome: "not checked", why: "kubelets" },
    { claim: "stories: four", outcome: "failed" },
    { claim: "the tests of lib/b.cluster.test.ts load", outcome: "failed" },
  ]);
});
