import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { test as base, type Page } from "@playwright/test";

const root = join(import.meta.dirname, "..");

/** A program of ours that says on stdout that it is ready. */
class Program {
  readonly child: ChildProcess;
  log = "";

  constructor(script: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    this.child = spawn(process.execPath, [join(root, "lib/cli", script), ...args], { cwd: root, env });
    this.child.stderr?.on("data", (chunk: Buffer) => (this.log += chunk.toString()));
  }

  /** The first line on stdout; fails with the program's log when it ends before. */
  async firstLine(): Promise<string> {
    let text = "";
    for await (const chunk of this.child.stdout ?? []) {
      text += String(chunk);
      const end = text.indexOf("\n");
      if (end >= 0) {
        this.child.stdout?.resume();
        return text.slice(0, end);
      }
    }
    throw new Error(`${this.child.spawnargs.join(" ")} ended before it was ready:\n${this.log}`);
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill(signal);
    await exited;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** An embedded cluster and a Poolboard that looks at it, for one test alone. */
export class Cluster {
  readonly folder: string;
  /** Where Poolboard answers. */
  url = "";
  #programs: Program[] = [];
  #apiServer: { port: number; args: string[]; program: Program } | undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  get kubeconfig(): string {
    return join(this.folder, "kubeconfig");
  }

  /** Starts an embedded cluster with `scenario`, then Poolboard on its kubeconfig, as on a cluster of one's own. */
  async start(scenario: string, options: { clusterArgs?: string[]; poolboardArgs?: string[] } = {}): Promise<void> {
    const port = await freePort();
    const args = [
      ...["--scenario", scenario, "--port", String(port), "--write-kubeconfig", this.kubeconfig],
      ...["--data", join(this.folder, "data"), ...(options.clusterArgs ?? [])],
    ];
    this.#apiServer = { port, args, program: await this.#run("cluster.ts", args) };
    const program = new Program("start.ts", [
      ...["--port", "0", "--kubeconfig", this.kubeconfig],
      ...(options.poolboardArgs ?? []),
    ]);
    this.#programs.push(program);
    this.url = await program.firstLine();
  }

  async #run(script: string, args: string[]): Promise<Program> {
    const program = new Program(script, args);
    this.#programs.push(program);
    await program.firstLine();
    return program;
  }

  /** Ends the API server as a crash would; its data stays on disk. */
  async killApiServer(): Promise<void> {
    await this.#apiServer?.program.stop("SIGKILL");
  }

  /** Brings the killed API server back on its port with its data. */
  async reviveApiServer(): Promise<void> {
    if (!this.#apiServer) throw new Error("no API server was started");
    this.#apiServer.program = await this.#run("cluster.ts", this.#apiServer.args);
  }

  /** Runs kubectl against the embedded cluster and returns what it prints. */
  async kubectl(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)("kubectl", args, {
      env: { ...process.env, KUBECONFIG: this.kubeconfig, HOME: this.folder },
    });
    return stdout;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#programs.toReversed().map((program) => program.stop()));
    if (existsSync(this.folder)) await rm(this.folder, { recursive: true, force: true });
  }
}

export const test = base.extend<{ cluster: Cluster }>({
  cluster: async ({}, use) => {
    const cluster = new Cluster(await mkdtemp(join(tmpdir(), "poolboard-e2e-")));
    await use(cluster);
    await cluster.stop();
  },
});

export { expect } from "@playwright/test";
export type { Page };
