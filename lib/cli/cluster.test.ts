import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";

const program = join(import.meta.dirname, "cluster.ts");
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "poolboard-cli-"));
});
afterAll(() => rm(folder, { recursive: true }));

class Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout = "";
  stderr = "";

  constructor(args: readonly string[]) {
    this.child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout?.on("data", (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr?.on("data", (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = new Promise((resolve) => this.child.once("close", resolve));
  }

  /** The first line on stdout; fails when the program ends before. */
  line(): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => this.stdout.includes("\n") && resolve(this.stdout.split("\n")[0] ?? "");
      this.child.stdout?.on("data", look);
      this.child.once("close", () => reject(new Error(this.stderr)));
      look();
    });
  }

  async stop(): Promise<number | null> {
    this.child.kill("SIGTERM");
    return this.ended;
  }
}

const serverOf = async (kubeconfig: string): Promise<string> => {
  const config = parse(await readFile(kubeconfig, "utf8")) as { clusters: { cluster: { server: string } }[] };
  return config.clusters[0]?.cluster.server ?? "";
};

describe("npm run cluster", { timeout: 60_000 }, () => {
  test("--help names every flag and every scenario", async () => {
    const run = new Run(["--help"]);
    expect(await run.ended).toBe(0);
    for (const word of ["--scenario NAME", "--agents-only", "tutorial-done", "not-calico", "large"])
      expect(run.stdout).toContain(word);
  });

  test("what is typed wrong is one line with a remedy, and exit code 2", async () => {
    const precious = join(folder, "precious");
    await writeFile(precious, "mine");
    const cases: readonly (readonly [string[], RegExp])[] = [
      [["--scenario", "nope"], /no scenario "nope"; choose one of empty, tutorial/],
      [["--nodes", "9"], /--nodes is for the scenario large/],
      [["--scenario", "large", "--nodes", "0"], /--nodes is a number from 1 to 99999, not "0"/],
      [["--churn", "500"], /--churn is two numbers of events a second/],
      [["--scenario", "empty", "--churn", "5,5"], /no pod that a churn could replace; use another/],
      [["--write-kubeconfig", precious], /was not written by this program/],
      [["--data", precious], /is not a data file of the embedded cluster/],
      [["--agents-only"], /write --kubeconfig FILE/],
      [["--kubeconfig", precious], /goes with --agents-only/],
    ];
    // Two at a time: each is a process of its own.
    for (let at = 0; at < cases.length; at += 2) {
      await Promise.all(
        cases.slice(at, at + 2).map(async ([args, message]) => {
          const run = new Run(args);
          expect([args, await run.ended]).toEqual([args, 2]);
          expect(run.stderr).toMatch(message);
          expect(run.stderr.trim().split("\n")).toHaveLength(1);
          expect(run.stdout).toBe("");
        }),
      );
    }
    expect(await readFile(precious, "utf8")).toBe("mine");
  });

  test("prints a private kubeconfig when ready; SIGTERM ends it and takes the file away", async () => {
    const run = new Run(["--scenario", "empty"]);
    const file = await run.line();
    const answer = await fetch(`${await serverOf(file)}/readyz`);
    expect(await answer.text()).toBe("ok");
    expect(await run.stop()).toBe(0);
    expect(existsSync(file)).toBe(false);
    expect(run.stderr).toBe("");
  });

  test("keeps the cluster in a file, on the same port, and says when the port is taken", async () => {
    const [data, kubeconfig] = [join(folder, "data"), join(folder, "kubeconfig")];
    const common = ["--scenario", "tutorial", "--data", data, "--write-kubeconfig", kubeconfig];
    const first = new Run(common);
    expect(await first.line()).toBe(kubeconfig);
    const server = await serverOf(kubeconfig);
    const { port } = new URL(server);
    const body = JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name: "kept" } });
    const headers = { "content-type": "application/json" };
    expect((await fetch(`${server}/api/v1/namespaces`, { method: "POST", headers, body })).status).toBe(201);
    const second = new Run(["--port", port]);
    expect(await second.ended).toBe(2);
    expect(second.stderr).toMatch(new RegExp(`port ${port} is taken; choose another with --port`));
    first.child.kill("SIGKILL");
    await first.ended;
    const third = new Run([...common, "--port", port]);
    await third.line();
    expect((await fetch(`${server}/api/v1/namespaces/kept`)).status).toBe(200);
    expect((await fetch(`${server}/api/v1/nodes/s666dan4151`)).status).toBe(200);
    expect(await third.stop()).toBe(0);
    expect(third.stderr).toMatch(/holds a cluster already; the scenario was not loaded again/);
  });
});
