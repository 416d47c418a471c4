import { spawn } from "node:child_process";
import { cp, open, readFile, readlink, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const RETRY_MS = 500;

/**
 * A control plane whose programs a test may kill and start again. Its folder holds `pid/NAME` with the process id of each
 * program, `log/NAME.log`, `pki/` (the working directory of the programs) and `etcd-endpoint`, the URL of etcd's client port.
 * How a program is started is read from the running process, so this needs Linux.
 */
export class ControlPlane {
  readonly #folder: string;
  readonly #commands = new Map<string, Command>();
  /** Where etcd answers, or null. */
  readonly etcd: string | null;

  private constructor(folder: string, etcd: string | null) {
    this.#folder = folder;
    this.etcd = etcd;
  }

  /** The one that CONTROL_PLANE_DIR names; null when it names none. */
  static async fromEnvironment(): Promise<ControlPlane | null> {
    const folder = process.env["CONTROL_PLANE_DIR"] ?? "";
    if (folder === "") return null;
    const etcd = await readFile(join(folder, "etcd-endpoint"), "utf8").catch(() => "");
    const plane = new ControlPlane(folder, etcd.trim() === "" ? null : etcd.trim());
    for (const name of await readdir(join(folder, "pid"))) await plane.#remember(name);
    return plane;
  }

  /** Sends a signal to a program; after SIGKILL waits until it is gone. */
  async signal(name: string, signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void> {
    const pid = await this.#pid(name);
    process.kill(pid, signal);
    if (signal !== "SIGKILL") return;
    while (await isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Starts a program as it was started before; `replaced` are flags with another value. It outlives the test. */
  async start(name: string, replaced: Readonly<Record<string, string>> = {}): Promise<void> {
    const command = this.#commands.get(name);
    if (command === undefined) throw new Error(`the control plane has no ${name}`);
    const args = [...command.args];
    for (const [flag, value] of Object.entries(replaced)) {
      const at = args.indexOf(flag);
      if (at < 0) args.push(flag, value);
      else args[at + 1] = value;
    }
    const log = await open(join(this.#folder, "log", `${name}.log`), "a");
    const child = spawn(command.program, args, {
      cwd: command.folder,
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    child.unref();
    // Its port may be somebody else's for a moment: one that ends by itself is started again. After a signal there is no code.
    child.on("exit", (code) => {
      if (code !== null) setTimeout(() => void this.start(name, replaced), RETRY_MS);
    });
    await log.close();
    await writeFile(join(this.#folder, "pid", name), `${child.pid}\n`);
  }

  /** Kills the API server as a crash would, and starts it again. */
  async restartApiServer(replaced: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.signal("kube-apiserver", "SIGKILL");
    await this.start("kube-apiserver", replaced);
  }

  /** The whole control plane stands still while `work` handles etcd's files. */
  async whileStopped(work: (dataFolder: string) => Promise<void>): Promise<void> {
    const names = [...this.#commands.keys()].toSorted();
    for (const name of names.toReversed()) await this.signal(name, "SIGKILL");
    await work(this.#dataFolder());
    // etcd sorts before the others, and they wait for it.
    for (const name of names) await this.start(name);
  }

  /** Copies etcd's data beside it; `goBack` puts the copy in its place. */
  async keepCopy(): Promise<void> {
    await this.whileStopped(async (data) => {
      await rm(`${data}.copy`, { recursive: true, force: true });
      await cp(data, `${data}.copy`, { recursive: true });
    });
  }

  async goBack(): Promise<void> {
    await this.whileStopped(async (data) => {
      await rm(data, { recursive: true, force: true });
      await cp(`${data}.copy`, data, { recursive: true });
      await rm(`${data}.copy`, { recursive: true, force: true });
    });
  }

  #dataFolder(): string {
    const args = this.#commands.get("etcd")?.args ?? [];
    const folder = args[args.indexOf("--data-dir") + 1];
    if (folder === undefined) throw new Error("etcd was started without --data-dir");
    return folder;
  }

  async #remember(name: string): Promise<void> {
    const proc = join("/proc", String(await this.#pid(name)));
    const [program = "", ...args] = (await readFile(join(proc, "cmdline"), "utf8")).split("\0").slice(0, -1);
    this.#commands.set(name, { program, args, folder: await readlink(join(proc, "cwd")) });
  }

  async #pid(name: string): Promise<number> {
    return Number(await readFile(join(this.#folder, "pid", name), "utf8"));
  }
}

interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
}

/** A zombie waits for a parent that may never ask; it holds nothing any more. */
async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return status !== "" && !/\) [ZX] /.test(status);
}

/** Makes etcd forget everything before its newest revision, through the JSON form of its API. */
export async function compactEtcd(endpoint: string): Promise<void> {
  const post = async (path: string, body: object): Promise<{ header: { revision: string } }> => {
    const answer = await fetch(new URL(path, endpoint), { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`etcd answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as { header: { revision: string } };
  };
  const key = Buffer.from("x").toString("base64");
  const { header } = await post("/v3/kv/range", { key });
  await post("/v3/kv/compaction", { revision: header.revision, physical: true });
}
