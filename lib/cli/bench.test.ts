import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { kubeconfigText } from "../sim/kubeconfig-file.ts";

const folder = mkdtempSync(join(tmpdir(), "poolboard-bench-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const nobody = join(folder, "nobody");
writeFileSync(nobody, kubeconfigText("http://127.0.0.1:9", "nobody"));

function bench(args: readonly string[]) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "bench.ts"), ...args]);
    const out = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (out.stdout += String(chunk)));
    child.stderr.on("data", (chunk: Buffer) => (out.stderr += String(chunk)));
    child.on("close", (code) => resolve({ code, ...out }));
  });
}

const wrong: readonly (readonly [string[], RegExp])[] = [
  [["--only", "nothing"], /--only nothing is none of .*warm/],
  [["--nodes", "0"], /--nodes 0 is not a number between 1 and/],
  [["--kubeconfig", "/nowhere/config"], /no file \/nowhere\/config/],
  [["--context", "prod"], /add --kubeconfig FILE/],
  [["--kubeconfig", nobody], /the API server refuses connections/],
  [["--kubeconfig", nobody, "--context", "prod"], /has no context "prod": choose one of nobody/],
  [["--chart", nobody], /holds no results of this bench/],
];

test("what is typed wrong is one line with a remedy, exit code 2, and nothing is measured", async () => {
  // Two at a time: each is a process of its own.
  for (let at = 0; at < wrong.length; at += 2) {
    await Promise.all(
      wrong.slice(at, at + 2).map(async ([args, message]) => {
        const { code, stdout, stderr } = await bench(args);
        expect([args, code, stdout]).toEqual([args, 2, ""]);
        expect(stderr).toMatch(message);
        expect(stderr.trim().split("\n")).toHaveLength(1);
      }),
    );
  }
}, 60_000);
