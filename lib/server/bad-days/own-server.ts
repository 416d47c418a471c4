import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { onTestFinished } from "vitest";

const program = path.join(import.meta.dirname, "../../cli/start.ts");

/** Starts Poolboard as a user would, until the test is over, and answers where it is. */
export async function startServer(
  kubeconfig: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<string> {
  const child = spawn(process.execPath, [program, "--port", "0", "--kubeconfig", kubeconfig, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => ended(child));
  for await (const chunk of child.stdout ?? []) return new URL(String(chunk).trim()).origin;
  throw new Error("Poolboard ended before it was ready");
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await exited;
}
