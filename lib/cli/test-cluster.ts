import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasPoolController } from "../calico/dialect.ts";
import { nodeWithKubelet } from "../sim/agents/safety.ts";
import { startPoolController } from "../sim/controllers/pool-controller.ts";
import type { Running } from "../sim/controllers/run.ts";
import { type FlagValues, runCommand, UsageError } from "./args.ts";
import { Children } from "./test-cluster/child.ts";
import { recordResult } from "./test-cluster/compatibility.ts";
import { findLedgers, openLedger } from "./test-cluster/ledger.ts";
import { type Claim, readPlaywright, readVitest, type Report } from "./test-cluster/report.ts";
import { type ClusterRun, runEnvironment } from "./test-cluster/run.ts";
import { storyCidrs } from "./test-cluster/stories.ts";
import { sweep } from "./test-cluster/sweep.ts";
import { openTarget, planRun, requireKubectl, type Target } from "./test-cluster/target.ts";

const command = {
  name: "npm run test:cluster",
  summary:
    "Checks what Poolboard claims on the cluster that KUBECONFIG names, in namespaces and pools of its own, and cleans up.",
  flags: {
    record: { help: "keep what was seen in e2e/cluster/results and in the compatibility table of README.md" },
    only: { value: "PART", help: 'run only "browser", or "api", the claims without one' },
    grep: { value: "TEXT", help: "run only the claims whose sentence holds TEXT" },
  },
  notes: [
    "The cluster must be one that may be tested on: kubectl is used with all the rights of the kubeconfig.",
    "Pools are in the way when they leave no /16 of the private ranges free. The recorded stories need a cluster",
    "without kubelets and without any pool; on others they are reported as not checked.",
    "Whatever a run leaves behind when it is killed, the next one removes first.",
  ],
} as const;

/** Of a run, for --only. */
const parts = ["browser", "api"];

type Values = FlagValues<typeof command.flags>;

const root = join(import.meta.dirname, "..", "..");
const reports = join(root, ".poolboard", "reports");
const say = (line: string) => process.stdout.write(`${line}\n`);

await runCommand(command, process.argv.slice(2), async (values) => {
  checkFlags(values);
  const children = new Children();
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
    void children.end();
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, interrupt);
  process.once("disconnect", interrupt);
  process.channel?.unref();

  requireKubectl();
  const target = await openTarget(process.env["KUBECONFIG"]);
  const controller = await standIn(target);
  try {
    if (values.only !== "api" && (await children.run([process.execPath, "lib/cli/build.ts"], {})) !== 0)
      throw new Error("the pages could not be built, see above; mend that and start again");
    const started = performance.now();
    const report = await testOn(target, children, values);
    const seconds = Math.round((performance.now() - started) / 1000);
    if (!interrupted && values.record) await recordResult({ ...report, seconds });
    process.exitCode = summarise(report, seconds, interrupted);
  } finally {
    await controller?.stop();
    await target.connection.close();
  }
});

/** Where no node has a kubelet nothing of Calico runs: nobody else would judge pools, and let go of deleted ones. */
async function standIn({ connection, mode }: Target): Promise<Running | null> {
  if (!hasPoolController(mode) || (await nodeWithKubelet(connection)) !== null) return null;
  const controller = startPoolController(connection);
  await controller.ready;
  return controller;
}

function checkFlags({ only, grep, record }: Values): void {
  if (only !== undefined && !parts.includes(only))
    throw new UsageError(`--only is one of ${parts.join(", ")}, not "${only}"`);
  if (record && (only ?? grep) !== undefined)
    throw new UsageError("--record keeps what a whole run saw; leave out --only and --grep");
}

async function testOn(target: Target, children: Children, values: Values): Promise<Report> {
  const { connection, mode, kubeconfig } = target;
  for (const left of await findLedgers(connection)) {
    say(`── removing what ${left.id} left behind`);
    await sweep(connection, mode, left, { kubelets: left.kubelets, close: true });
  }
  const run = await planRun(target);
  const { id, kubelets, noStories } = run;
  const cidrs = [...Object.values(run.cidrs), ...(noStories === null ? storyCidrs() : [])];
  const own = { id, cidrs, kubelets };
  const ledger = await openLedger(connection, own);
  const folder = await mkdtemp(join(tmpdir(), "poolboard-claims-"));
  try {
    say(
      `── ${id} on ${connection.name}: ${mode}, ${kubelets ? "kubelets of its own" : "node agents of ours"}`,
    );
    const file = join(folder, "run.json");
    await writeFile(file, JSON.stringify(run));
    await mkdir(reports, { recursive: true });
    const env = { ...runEnvironment(file), KUBECONFIG: kubeconfig };
    const reported: Report[] = [];
    if (values.only !== "api") {
      reported.push(await browserClaims(run, children, env, values));
      // The stories compare every block there is.
      await sweep(connection, mode, own, { kubelets, close: false });
    }
    if (values.only !== "browser" && !children.ended) reported.push(await otherClaims(children, env, values));
    return merged(reported, run);
  } finally {
    await children.end();
    say("── cleaning up");
    await sweep(connection, mode, own, { kubelets, close: true }).finally(() => ledger.stop());
    await rm(folder, { recursive: true, force: true });
  }
}

async function browserClaims(
  run: ClusterRun,
  children: Children,
  env: Readonly<Record<string, string>>,
  { grep }: Values,
): Promise<Report> {
  const agents = ["lib/cli/cluster.ts", "--agents-only", "--kubeconfig", env["KUBECONFIG"] ?? ""];
  const stop = run.kubelets ? async () => {} : await children.ready([process.execPath, ...agents]);
  const filter = grep === undefined ? [] : ["--grep", literally(grep)];
  const file = join(reports, "cluster-browser.json");
  const runner = ["playwright", "test", "--config", "e2e/cluster/playwright.config.ts", ...filter];
  const report = await reportOf(children, runner, env, file, readPlaywright);
  await stop();
  return report;
}

/** Those bring their own agents: two sets of them would fight over one cluster. */
function otherClaims(
  children: Children,
  env: Readonly<Record<string, string>>,
  { grep }: Values,
): Promise<Report> {
  const file = join(reports, "cluster-others.json");
  const filter = grep === undefined ? [] : ["--testNamePattern", literally(grep)];
  const runner = ["vitest", "run", "--config", "e2e/cluster/vitest.config.ts", ...filter];
  return reportOf(children, runner, env, file, readVitest);
}

/** As a pattern that matches just this text. */
function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** A runner that dies before its report is a claim that failed, so that nothing can hold by not running. */
async function reportOf(
  children: Children,
  runner: readonly string[],
  env: Readonly<Record<string, string>>,
  file: string,
  read: (json: unknown) => Report,
): Promise<Report> {
  await rm(file, { force: true });
  const code = await children.run(runner, env);
  const failed: Claim = { claim: `${runner[0] ?? ""} runs to its end`, outcome: "failed" };
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return { claims: [failed], facts: {} };
  const report = read(JSON.parse(text));
  if (code === 0 || report.claims.some(({ outcome }) => outcome === "failed")) return report;
  return { ...report, claims: [...report.claims, failed] };
}

function merged(reported: readonly Report[], run: ClusterRun): Report {
  const claims = reported.flatMap((part) => part.claims);
  const facts = Object.assign({}, ...reported.map((part) => part.facts)) as Record<string, string>;
  const ours = {
    Nodes: run.kubelets ? "kubelets and calico-node" : standIns(run),
    "Cooldown of released addresses": run.coolsDown ? "in the schema" : "not in the schema",
  };
  return { claims, facts: { ...facts, ...ours } };
}

function standIns({ mode }: ClusterRun): string {
  return `Poolboard's node agents${hasPoolController(mode) ? " and pool controller" : ""}`;
}

/** Prints what was found and answers the exit code. */
function summarise({ claims }: Report, seconds: number, interrupted: boolean): number {
  const of = (outcome: Claim["outcome"]) => claims.filter((each) => each.outcome === outcome);
  for (const { claim, why } of of("not checked")) say(`not checked: ${claim}\n             ${why ?? ""}`);
  for (const { claim } of of("failed")) say(`failed: ${claim}`);
  const [held, failed, unchecked] = [of("held").length, of("failed").length, of("not checked").length];
  say(`\n${claims.length} claims in ${seconds} s, ${unchecked} of them could not be checked here`);
  if (interrupted) say("interrupted: what had not been checked by then is missing above");
  say(`${held} passed, ${failed} failed`);
  return interrupted ? 130 : failed > 0 || held === 0 ? 1 : 0;
}
