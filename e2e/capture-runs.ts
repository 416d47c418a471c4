import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** Runs `npm run capture` to its end. */
export function capture(...args: readonly string[]) {
  return new Promise<{ code: number | null; stdout: string; lines: readonly string[] }>((resolve) => {
    const child = spawn(process.execPath, [join(root, "lib/cli/capture.ts"), ...args], {
      cwd: root,
      env: { ...process.env, POOLBOARD_TOKEN: "" },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("exit", (code) => resolve({ code, stdout, lines: stderr.trim().split("\n") }));
  });
}

/** Every file of a folder, by name. */
export async function contents(path: string): Promise<ReadonlyMap<string, Buffer>> {
  const names = (await readdir(path)).sort();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(path, name))] as const)),
  );
}
