import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CaptureFailure } from "../../capture/failure.ts";
import { systemClock } from "../../kube/clock.ts";
import { UsageError } from "../args.ts";
import { endChild } from "../end-child.ts";
import type { Options, Source } from "./options.ts";

/** A Poolboard to take pictures of. */
export interface Opened {
  /** With the path and code that let in, where they are needed. */
  readonly link: URL;
  /** How the person named it. */
  readonly named: string;
  /** The server was started for this, with a kubeconfig: its cluster is named after the context. */
  readonly hasContext: boolean;
}

/**
 * Where the clock of an embedded cluster stands when its pictures are to be the same in every run. It lies before any day on
 * which they may be taken: what counts ages on the server then counts them all as past.
 */
const standingClock = Date.parse("2025-01-15T12:00:00Z");

/** Things to end, the last one first. */
export class Endings {
  readonly #tasks: (() => Promise<unknown>)[] = [];

  add(task: () => Promise<unknown>): void {
    this.#tasks.push(task);
  }

  async run(): Promise<void> {
    for (let task = this.#tasks.pop(); task; task = this.#tasks.pop()) await task().catch(() => undefined);
  }
}

/**
 * Says what is wrong with the name of a source before anything is started for it.
 * @throws UsageError
 */
export async function checkSource(source: Source): Promise<void> {
  if (source.kind === "kubeconfig" && source.kubeconfig !== null && !existsSync(source.kubeconfig)) {
    throw new UsageError(`there is no file ${source.kubeconfig}; name one that is there with --kubeconfig`);
  }
  if (source.kind !== "scenario") return;
  // Only here: whoever looks at a real cluster need not load the embedded one.
  const { scenarios } = await import("../../sim/scenarios/registry.ts");
  if (scenarios.some(({ name }) => name === source.scenario)) return;
  const names = scenarios.map(({ name }) => name).join(", ");
  throw new UsageError(`there is no scenario "${source.scenario}"; choose one of ${names}`);
}

/**
 * Opens what the pictures are of; what is started for it ends with `endings`.
 * @throws CaptureFailure 2 for a kubeconfig that cannot be used
 */
export async function openSource(
  { source, reproducible }: Pick<Options, "source" | "reproducible">,
  endings: Endings,
): Promise<Opened> {
  switch (source.kind) {
    case "url":
      return { link: source.url, named: source.url.origin, hasContext: false };
    case "kubeconfig": {
      const { kubeconfig, context } = source;
      const args = [
        ...(kubeconfig === null ? [] : ["--kubeconfig", kubeconfig]),
        ...(context === null ? [] : ["--context", context]),
      ];
      const named = kubeconfig ?? `the context ${context ?? ""}`;
      return { link: await startPoolboard(args, endings), named, hasContext: true };
    }
    case "scenario": {
      const kubeconfig = await startCluster(source, reproducible, endings);
      const link = await startPoolboard(["--kubeconfig", kubeconfig], endings);
      return { link, named: `the scenario ${source.scenario}`, hasContext: true };
    }
  }
}

/**
 * The embedded cluster as its scenario tells it: nothing happens in it by itself, so two runs differ by their time alone.
 * Answers where its kubeconfig is.
 */
async function startCluster(
  { scenario }: Extract<Source, { kind: "scenario" }>,
  reproducible: boolean,
  endings: Endings,
): Promise<string> {
  const { startEmbeddedCluster } = await import("../../sim/cluster.ts");
  const { writeTemporaryKubeconfig } = await import("../../sim/kubeconfig-file.ts");
  const cluster = await startEmbeddedCluster({
    scenario,
    churn: false,
    controllers: false,
    ...(reproducible ? { clock: { ...systemClock, now: () => standingClock } } : {}),
  });
  endings.add(cluster.close);
  const { file, remove } = await writeTemporaryKubeconfig(cluster.kubeconfig);
  endings.add(remove);
  return file;
}

/** Starts our server as `npm start` does, on any free port and read-only. Answers the link that it prints. */
async function startPoolboard(args: readonly string[], endings: Endings): Promise<URL> {
  const program = join(import.meta.dirname, "..", "start.ts");
  const child = spawn(process.execPath, [program, "--port", "0", "--read-only", ...args], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // The token in our environment is for --url.
    env: { ...process.env, POOLBOARD_TOKEN: "", POOLBOARD_HOSTS: "" },
  });
  endings.add(() => endChild(child));
  return new Promise((resolve, reject) => {
    let said = "";
    let printed = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      const text = chunk.toString();
      said = (said + text).slice(-4_000);
      // The only thing there that takes a minute.
      if (text.includes("building the pages"))
        process.stderr.write("Building the pages first, about a minute …\n");
    });
    child.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      const end = printed.indexOf("\n");
      if (end >= 0) resolve(new URL(printed.slice(0, end)));
    });
    child.once("error", (error) =>
      reject(new CaptureFailure(1, `Poolboard cannot be started: ${error.message}`)),
    );
    child.once("exit", (code) => {
      const last = said.trim().split("\n").at(-1) ?? "";
      const why = last.replace(/^npm start: /, "") || "it said nothing; try npm start";
      reject(new CaptureFailure(code === 2 ? 2 : 1, code === 2 ? why : `Poolboard ended: ${why}`));
    });
  });
}
