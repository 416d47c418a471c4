import type { ChildProcess } from "node:child_process";

/** Ends a child: asks first, and no longer than three seconds. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const impatience = setTimeout(() => child.kill("SIGKILL"), 3_000);
  await exited;
  clearTimeout(impatience);
}
