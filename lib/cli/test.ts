import { spawn, spawnSync } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** One thing the test run does: a command, and where its runner leaves a JSON report when it has one. */
interface Step {
  readonly name: string;
  readonly command: readonly string[];
  readonly report?: { readonly file: string; readonly read: (json: unknown) => Counts };
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Of what failed, in the words of its runner. */
  readonly names?: readonly string[];
}

const root = join(import.meta.dirname, "..", "..");
const reports = join(root, ".poolboard", "reports");

/** Those of a row run at the same time: none of them keeps two cores busy, or each waits much. */
const rows: readonly (readonly Step[])[] = [
  [
    { name: "format", command: ["prettier", "--check", "--log-level", "warn", "."] },
    { name: "routes and page types", command: ["next", "typegen"] },
  ],
  [
    { name: "lint", command: ["oxlint", "--deny-warnings"] },
    { name: "types", command: ["tsc", "--noEmit", "-p", "."] },
    { name: "dead code", command: ["knip", "--no-progress"] },
  ],
  [
    {
      name: "unit tests",
      command: [
        "vitest",
        "run",
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${join(reports, "unit.json")}`,
      ],
      report: { file: join(reports, "unit.json"), read: vitestCounts },
    },
    { name: "build", command: ["node", "lib/cli/build.ts"] },
  ],
  [
    {
      name: "browser tests",
      command: ["playwright", "test", "--config", "e2e/playwright.config.ts"],
      report: { file: join(reports, "e2e.json"), read: playwrightCounts },
    },
  ],
  [
    {
      // Alone: it measures.
      name: "bench",
      command: ["node", "lib/cli/bench.ts", "--short", "--json", join(reports, "bench.json")],
      report: { file: join(reports, "bench.json"), read: benchCounts },
    },
  ],
];
const steps = rows.flat();

interface VitestResult {
  readonly status: string;
  readonly fullName: string;
}

function vitestCounts(json: unknown): Counts {
  const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests, testResults } = json as {
    [count in "numPassedTests" | "numFailedTests" | "numFailedTestSuites" | "numPendingTests"]: number;
  } & { testResults: { name: string; status: string; assertionResults: VitestResult[] }[] };
  // A file that does not load has no tests to fail: count the file itself.
  const failed = Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0);
  const names = testResults
    .filter(({ status }) => status === "failed")
    .flatMap(({ name, assertionResults }) => [
      relative(root, name),
      ...assertionResults.filter(({ status }) => status === "failed").map((test) => `  ${test.fullName}`),
    ]);
  return { passed: numPassedTests, failed, skipped: numPendingTests, names };
}

function playwrightCounts(json: unknown): Counts {
  const { stats, suites } = json as {
    stats: { expected: number; unexpected: number; flaky: number; skipped: number };
    suites: PlaywrightSuite[];
  };
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
    names: suites.flatMap(failedStories),
  };
}

interface PlaywrightSuite {
  readonly specs?: readonly { readonly ok: boolean; readonly title: string; readonly file: string }[];
  readonly suites?: readonly PlaywrightSuite[];
}

function failedStories({ specs = [], suites = [] }: PlaywrightSuite): string[] {
  const own = specs.filter(({ ok }) => !ok).map(({ file, title }) => `${file}: ${title}`);
  return [...own, ...suites.flatMap(failedStories)];
}

/** Each figure with a target is a test, each case that ended in an error a failed one. */
function benchCounts(json: unknown): Counts {
  const { cases } = json as {
    cases: { error: string | null; measurements: { name: string; verdict: string | null }[] }[];
  };
  const verdicts = cases.flatMap(({ error, measurements }) => [
    ...measurements.map(({ verdict }) => verdict),
    ...(error === null ? [] : ["failed"]),
  ]);
  const counted = (...wanted: string[]) =>
    verdicts.filter((one) => one !== null && wanted.includes(one)).length;
  const names = cases.flatMap(({ error, measurements }) => [
    ...measurements.filter(({ verdict }) => verdict === "failed").map(({ name }) => name),
    ...(error === null ? [] : [error]),
  ]);
  return { passed: counted("met", "missed"), failed: counted("failed"), skipped: 0, names };
}

/** Runs a command to its end; what it prints is shown as it comes, or returned. */
function run(command: readonly string[], shown: boolean): Promise<{ exitCode: number; printed: Buffer }> {
  const [program = "", ...args] = command;
  return new Promise((resolve) => {
    const output = shown ? "inherit" : "pipe";
    // The programs under test start many times: what Node made of their sources the first time serves them all.
    const env = { ...process.env, NODE_COMPILE_CACHE: join(root, ".poolboard", "compiled") };
    const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", output, output] });
    const printed: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (part: Buffer) => printed.push(part));
    const end = (exitCode: number) => resolve({ exitCode, printed: Buffer.concat(printed) });
    child.on("error", () => end(127));
    child.on("close", (code) => end(code ?? 1));
  });
}

/** A runner that died before its report counts as one failure, so that nothing can pass by not running. */
async function count(step: Step, exitCode: number): Promise<Counts> {
  if (!step.report) return { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 };
  const counts = await readFile(step.report.file, "utf8")
    .then((text) => step.report?.read(JSON.parse(text)))
    .catch(() => undefined);
  if (!counts) return { passed: 0, failed: 1, skipped: 0 };
  return exitCode === 0 ? counts : { ...counts, failed: Math.max(1, counts.failed) };
}

const say = (line: string) => process.stdout.write(`${line}\n`);

const only = process.argv.slice(2);
const unknown = only.filter((name) => !steps.some((step) => step.name === name));
if (only.includes("--help") || unknown.length > 0) {
  say(
    `npm test -- [STEP ...]   runs every step, or those named: ${steps.map((step) => `"${step.name}"`).join(", ")}`,
  );
  process.exit(only.includes("--help") ? 0 : 2);
}

/** Takes a step and counts it; what it printed comes whole with its end when it is not shown before. */
async function take(step: Step, shown: boolean): Promise<void> {
  const started = performance.now();
  const { exitCode, printed } = await run(step.command, shown);
  const counts = await count(step, exitCode);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  if (counts.failed > 0)
    failures.push([step.name, ...(counts.names ?? [])].map((line) => `  ${line}`).join("\n"));
  process.stdout.write(printed);
  say(
    `── ${step.name}: ${counts.failed === 0 ? "passed" : "FAILED"} in ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
}

await mkdir(reports, { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];
for (const row of rows) {
  const asked = row.filter(({ name }) => only.length === 0 || only.includes(name));
  if (asked.length === 0) continue;
  say(`\n── ${asked.map(({ name }) => name).join(" · ")}`);
  await Promise.all(asked.map((step, index) => take(step, index === 0)));
}
if (spawnSync("kubectl", ["version", "--client"], { stdio: "ignore" }).status !== 0) {
  say("\nkubectl is not on the PATH: the tests that drive the embedded cluster with it were skipped.");
}
if (failures.length > 0) say(`\nFailed:\n${failures.join("\n")}`);
say(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`,
);
process.exit(total.failed > 0 ? 1 : 0);
