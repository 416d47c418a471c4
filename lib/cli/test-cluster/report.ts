import { z } from "zod";

/** One sentence about the product, and what became of it on the cluster. */
export interface Claim {
  readonly claim: string;
  readonly outcome: "held" | "failed" | "not checked";
  /** Why it could not be checked; absent otherwise. */
  readonly why?: string;
}

export interface Report {
  readonly claims: readonly Claim[];
  /** What differs between clusters, as the claims saw it: what → value. */
  readonly facts: Readonly<Record<string, string>>;
}

const Annotation = z.object({ type: z.string(), description: z.string().optional() });
const Spec = z.object({
  title: z.string(),
  tests: z.array(
    z.object({
      status: z.enum(["expected", "unexpected", "flaky", "skipped"]),
      annotations: z.array(Annotation),
      results: z.array(z.object({ status: z.string() })),
    }),
  ),
});
type Suite =
  z.infer<typeof Spec> extends infer S ? { title: string; specs: S[]; suites?: Suite[] | undefined } : never;
const Suite: z.ZodType<Suite> = z.object({
  title: z.string(),
  specs: z.array(Spec),
  suites: z.array(z.lazy(() => Suite)).optional(),
});
const PlaywrightReport = z.object({ suites: z.array(Suite) });

/** Reads Playwright's JSON report. A claim that was never begun, because one before it failed, has not held. */
export function readPlaywright(json: unknown): Report {
  const claims: Claim[] = [];
  const facts: Record<string, string> = {};
  const visit = (suite: Suite, above: readonly string[], isFile: boolean) => {
    const path = isFile ? above : [...above, suite.title];
    for (const { title, tests } of suite.specs) {
      for (const { status, annotations, results } of tests) {
        const why = annotations.find(({ type }) => type === "skip")?.description;
        const claim = [...path, title].join(": ");
        if (status !== "skipped")
          claims.push({ claim, outcome: status === "unexpected" ? "failed" : "held" });
        else if (why === undefined) claims.push({ claim, outcome: "failed" });
        else claims.push({ claim, outcome: "not checked", why });
        if (results.at(-1)?.status !== "passed") continue;
        for (const { type, description } of annotations)
          if (type.startsWith("saw ")) facts[type.slice("saw ".length)] = description ?? "";
      }
    }
    for (const inner of suite.suites ?? []) visit(inner, path, false);
  };
  for (const file of PlaywrightReport.parse(json).suites) visit(file, [], true);
  return { claims, facts };
}

const VitestReport = z.array(
  z.object({
    file: z.string(),
    failed: z.boolean(),
    tests: z.array(
      z.object({
        name: z.array(z.string()),
        state: z.enum(["passed", "failed", "skipped", "pending"]),
        note: z.string().optional(),
      }),
    ),
  }),
);

/** Reads the report of e2e/cluster/vitest-reporter.ts. A file that does not load is a claim that failed. */
export function readVitest(json: unknown): Report {
  const claims = VitestReport.parse(json).flatMap(({ file, failed, tests }): Claim[] => {
    if (failed && !tests.some(({ state }) => state === "failed"))
      return [{ claim: `the tests of ${file} load`, outcome: "failed" }];
    return tests.map(({ name, state, note }) => {
      const claim = name.join(": ");
      if (state === "passed") return { claim, outcome: "held" };
      if (state === "skipped" && note !== undefined) return { claim, outcome: "not checked", why: note };
      return { claim, outcome: "failed" };
    });
  });
  return { claims, facts: {} };
}
