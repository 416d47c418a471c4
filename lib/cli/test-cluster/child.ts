import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..", "..");

/** A program that the run starts; all of them end with the run. */
export class Children {
  readonly #running = new Set<ChildProcess>();
  /** Nothing is started any more. */
  ended = false;

  /** Runs to its end; its output is ours. Answers the exit code. */
  async run(command: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
    const child = this.#start(command, env, ["ignore", "inherit", "inherit"]);
    return new Promise((resolve) => {
      child.on("error", () => resolve(127));
      child.on("exit", (code) => resolve(code ?? 1));
    });
  }

  /** Starts a program that says on stdout when it is ready, and answers how to end it. */
  async ready(command: readonly string[]): Promise<() => Promise<void>> {
    // By the channel our programs notice when we are gone, however we went.
    const child = this.#start(command, {}, ["ignore", "pipe", "inherit", "ipc"]);
    await new Promise<void>((resolve, reject) => {
      child.stdout?.once("data", () => resolve());
      child.once("error", reject);
      child.once("exit", () => reject(new Error(`${command.join(" ")} ended, see above`)));
    });
    return () => end(child);
  }

  /** Ends what runs, and starts nothing more. */
  async end(): Promise<void> {
    this.ended = true;
    await Promise.all([...this.#running].map(end));
  }

  #start(
    [program = "", ...args]: readonly string[],
    env: Readonly<Record<string, string>>,
    stdio: ("ignore" | "inherit" | "pipe" | "ipc")[],
  ): ChildProcess {
    if (this.ended) throw new Error("interrupted");
    const child = spawn(program, args, { cwd: root, env: { ...process.env, ...env }, stdio });
    this.#running.add(child);
    child.once("exit", () => this.#running.delete(child));
    return child;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  // The runners take down what they have started on this signal, not on others.
  child.kill("SIGINT");
  const impatience = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await exited;
  clearTimeout(impatience);
}
