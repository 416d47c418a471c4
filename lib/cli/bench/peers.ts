import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Child } from "./child.ts";
import type { Asked, Door } from "./cluster-door.ts";

/** What one run of another program cost, on the same cluster through a door of its own. */
export interface Run {
  readonly milliseconds: number;
  /** NaN where the system does not tell. */
  readonly peakRssBytes: number;
  readonly requests: number;
  readonly bytes: number;
  readonly output: string;
}

/** The program shaped like calicoctl. */
export async function runCalicoctl(
  what: "show" | "check" | "count",
  door: Door,
  layout = "v3.33",
): Promise<Run> {
  const program = join(import.meta.dirname, "calicoctl-child.ts");
  const before = await door.asked();
  // Whole objects of a big cluster: more than Node allows itself on a small machine.
  const child = new Child(program, [what, door.kubeconfig, layout], {}, ["--max-old-space-size=6144"]);
  const told = new Promise<{ milliseconds: number; peakRssBytes: number }>((resolve) =>
    child.process.once("message", (message) => resolve(message as Awaited<typeof told>)),
  );
  const output = await child.output();
  return { ...(await told), output, ...since(before, await door.asked()) };
}

/** Null: there is no kubectl here. Its output is read and dropped, as by a pager. */
export async function runKubectl(args: readonly string[], door: Door): Promise<Run | null> {
  const before = await door.asked();
  const start = performance.now();
  const child = spawn("kubectl", ["--kubeconfig", door.kubeconfig, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let peakRssBytes = Number.NaN;
  let said = "";
  child.stdout.resume();
  child.stderr.on("data", (chunk: Buffer) => (said += String(chunk)));
  const watch = setInterval(() => {
    void peakOf(child.pid).then((bytes) => (peakRssBytes = bytes ?? peakRssBytes));
  }, 50);
  const ended = () => child.kill();
  process.once("exit", ended);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const milliseconds = performance.now() - start;
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${said.trim().split("\n").at(-1) ?? ""}`);
    return { milliseconds, peakRssBytes, output: "", ...since(before, await door.asked()) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  } finally {
    clearInterval(watch);
    process.off("exit", ended);
  }
}

function since(before: Asked, after: Asked): Pick<Run, "requests" | "bytes"> {
  return { requests: after.requests - before.requests, bytes: after.bytes - before.bytes };
}

/** The most that a process has held at once, where /proc tells. */
async function peakOf(pid: number | undefined): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}
