import { execFile, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { AxeBuilder } from "@axe-core/playwright";
import { type BrowserContext, expect, test as base, type Locator, type Page } from "@playwright/test";

const root = join(import.meta.dirname, "..");

/** Tests that use kubectl are skipped without it, and say so. */
export const hasKubectl = spawnSync("kubectl", ["version", "--client"], { stdio: "ignore" }).status === 0;

/** A program of ours; it says on stdout that it is ready. */
export class Program {
  readonly child: ChildProcess;
  log = "";

  constructor(
    script: "start.ts" | "cluster.ts",
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) {
    // What it keeps of a real cluster stays with this program.
    const state = mkdtempSync(join(tmpdir(), "poolboard-state-"));
    this.child = spawn(process.execPath, [join(root, "lib/cli", script), ...args], {
      cwd: root,
      env: { ...process.env, XDG_STATE_HOME: state, ...env },
    });
    this.child.once("exit", () => rmSync(state, { recursive: true, force: true }));
    this.child.stderr?.on("data", (chunk: Buffer) => (this.log += chunk.toString()));
  }

  /** The first line on stdout; fails with the program's log when it ends before. */
  firstLine(): Promise<string> {
    return new Promise((resolve, reject) => {
      let text = "";
      this.child.stdout?.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        const end = text.indexOf("\n");
        if (end >= 0) resolve(text.slice(0, end));
      });
      this.child.once("exit", () =>
        reject(new Error(`${this.child.spawnargs.join(" ")} ended before it was ready:\n${this.log}`)),
      );
    });
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill(signal);
    await exited;
  }
}

/** A folder that a test may fill; its owner removes it. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "poolboard-e2e-"));
}

/** Runs kubectl on a kubeconfig and returns what it prints. */
export async function kubectl(kubeconfig: string, home: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, KUBECONFIG: kubeconfig, HOME: home };
  const { stdout } = await promisify(execFile)("kubectl", [...args], { env });
  return stdout;
}

/** Poolboard on an embedded cluster of its own. */
class Cluster {
  readonly url: string;
  readonly folder: string;
  readonly #kubeconfig: string;
  readonly #program: Program;

  private constructor(url: string, folder: string, kubeconfig: string, program: Program) {
    this.url = url;
    this.folder = folder;
    this.#kubeconfig = kubeconfig;
    this.#program = program;
  }

  static async start(scenario: string, args: readonly string[]): Promise<Cluster> {
    const folder = await temporaryFolder();
    const program = new Program("start.ts", ["--port", "0", "--scenario", scenario, ...args]);
    const url = await program.firstLine();
    const kubeconfig = /"kubeconfig":"([^"]+)"/.exec(program.log)?.[1];
    if (kubeconfig === undefined) throw new Error(`no kubeconfig in the log:\n${program.log}`);
    return new Cluster(url, folder, kubeconfig, program);
  }

  kubectl(...args: string[]): Promise<string> {
    return kubectl(this.#kubeconfig, this.folder, args);
  }

  /** Writes a manifest where kubectl can read it and returns its path. */
  async manifest(name: string, text: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, text);
    return path;
  }

  async stop(): Promise<void> {
    await this.#program.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The cluster that a worker's tests look at and do not change; another one replaces it. */
class SharedCluster {
  #name = "";
  #cluster: Cluster | null = null;

  async of(scenario: string, args: readonly string[]): Promise<Cluster> {
    const name = [scenario, ...args].join(" ");
    if (this.#cluster !== null && this.#name === name) return this.#cluster;
    await this.stop();
    this.#name = name;
    this.#cluster = await Cluster.start(scenario, args);
    return this.#cluster;
  }

  async stop(): Promise<void> {
    await this.#cluster?.stop();
    this.#cluster = null;
  }
}

/** A cluster that outlives its API server: kept in a file, on a fixed port, with Poolboard beside it as for a cluster of one's own. */
export class SeparateCluster {
  readonly folder: string;
  /** Where Poolboard answers, with the one-time code. */
  readonly link: string;
  readonly #args: readonly string[];
  readonly #poolboard: Program;
  #api: Program;

  private constructor(
    folder: string,
    link: string,
    args: readonly string[],
    poolboard: Program,
    api: Program,
  ) {
    this.folder = folder;
    this.link = link;
    this.#args = args;
    this.#poolboard = poolboard;
    this.#api = api;
  }

  static async start(scenario: string): Promise<SeparateCluster> {
    const folder = await temporaryFolder();
    const kubeconfig = join(folder, "kubeconfig");
    const common = ["--scenario", scenario, "--data", join(folder, "data"), "--write-kubeconfig", kubeconfig];
    const api = new Program("cluster.ts", [...common, "--port", "0"]);
    await api.firstLine();
    const server = await kubectl(kubeconfig, folder, [
      "config",
      "view",
      "-o",
      "jsonpath={.clusters[0].cluster.server}",
    ]);
    const poolboard = new Program("start.ts", ["--port", "0", "--kubeconfig", kubeconfig]);
    const link = await poolboard.firstLine();
    return new SeparateCluster(folder, link, [...common, "--port", new URL(server).port], poolboard, api);
  }

  kubectl(...args: string[]): Promise<string> {
    return kubectl(join(this.folder, "kubeconfig"), this.folder, args);
  }

  /** Ends the API server as a crash would; its data stays on disk. */
  kill(): Promise<void> {
    return this.#api.stop("SIGKILL");
  }

  async revive(): Promise<void> {
    this.#api = new Program("cluster.ts", this.#args);
    await this.#api.firstLine();
  }

  async stop(): Promise<void> {
    await this.#poolboard.stop();
    await this.#api.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What the pages of a context complain about. An answer of the API that is an error is the page's to show, not a complaint. */
export function complaintsOf(context: BrowserContext): readonly string[] {
  const complaints: string[] = [];
  context.on("weberror", (error) => complaints.push(String(error.error())));
  context.on("console", (message) => {
    const { url } = message.location();
    const answer =
      message.text().startsWith("Failed to load resource") && /^https?:\/\/[^/]+\/api\//.test(url);
    // Said only where a story has taken the browser's network away.
    const isOffline = message.text().includes("net::ERR_INTERNET_DISCONNECTED");
    if (message.type() === "error" && !answer && !isOffline) complaints.push(`${message.text()} (${url})`);
  });
  return complaints;
}

interface Options {
  /** What the embedded cluster starts with. */
  readonly scenario: string;
  /** More flags for `npm start`. */
  readonly startArgs: string[];
  /** The test changes nothing and may share its cluster with others of the kind. */
  readonly onlyLooks: boolean;
}

interface Fixtures {
  readonly cluster: Cluster;
  /** The page of somebody else, in a browser of their own. */
  readonly otherPage: Page;
}

/** A context whose pages log an error or break the content policy fails its test. */
export const watched = base.extend({
  context: async ({ context }, use) => {
    const complaints = complaintsOf(context);
    await use(context);
    expect(complaints, "errors in the console").toEqual([]);
  },
});

/** `cluster` is Poolboard on an embedded cluster, for this test alone unless it only looks; `page` is at home there. */
export const test = watched.extend<Options & Fixtures, { shared: SharedCluster }>({
  scenario: ["tutorial", { option: true }],
  startArgs: [[], { option: true }],
  onlyLooks: [false, { option: true }],
  shared: [
    // Playwright wants the pattern although nothing is taken from it.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const shared = new SharedCluster();
      await use(shared);
      await shared.stop();
    },
    { scope: "worker" },
  ],
  cluster: async ({ scenario, startArgs, onlyLooks, shared }, use) => {
    if (onlyLooks) return use(await shared.of(scenario, startArgs));
    const cluster = await Cluster.start(scenario, startArgs);
    await use(cluster);
    await cluster.stop();
  },
  baseURL: async ({ cluster }, use) => use(cluster.url),
  otherPage: async ({ browser }, use) => {
    const context = await browser.newContext();
    const complaints = complaintsOf(context);
    await use(await context.newPage());
    await context.close();
    expect(complaints, "errors in the other console").toEqual([]);
  },
});

/** `separate` is a cluster whose API server may die, with Poolboard beside it; `page` is logged in there. */
export const separateTest = watched.extend<{ separate: SeparateCluster }>({
  // oxlint-disable-next-line no-empty-pattern
  separate: async ({}, use) => {
    const separate = await SeparateCluster.start("tutorial-done");
    await use(separate);
    await separate.stop();
  },
  baseURL: async ({ separate }, use) => use(new URL(separate.link).origin),
  page: async ({ page, separate }, use) => {
    await page.goto(separate.link);
    await use(page);
  },
});

/** Fails when axe finds anything on the page as it is; `rules` narrows what it looks for. */
export async function expectAccessible(page: Page, rules?: string[]): Promise<void> {
  // Once there, axe stays: to send and compile it again takes about as long as to run it.
  const isThere = await page.evaluate(() => "axe" in globalThis);
  // Without frames on the page, axe need not run in a second one to gather what it found.
  const axe = new AxeBuilder(isThere ? { page, axeSource: "void axe" } : { page })
    .setLegacyMode(true)
    .options({ resultTypes: ["violations"] });
  const { violations } = await (rules === undefined ? axe : axe.withRules(rules)).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`)).toEqual(
    [],
  );
}

export { expect, type Locator, type Page };
