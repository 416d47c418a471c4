import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "poolboard-capture-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, "file");
writeFileSync(file, "");

function capture(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "capture.ts"), ...args], {
      env: { ...process.env, KUBECONFIG: "", POOLBOARD_TOKEN: "", HOME: folder, ...env },
    });
    const out = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (out.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (out.stderr += chunk.toString()));
    child.on("exit", (code) => resolve({ code, ...out }));
  });
}

const out = ["--out", join(folder, "shots")];

// Flags are tried in capture/options.test.ts, what needs a server or a browser to go wrong in e2e/capture.spec.ts.
test.each<[string, string[], Record<string, string>, number, RegExp]>([
  ["no folder", [], {}, 2, /--out is missing; name a folder/],
  ["a folder that is a file", ["--out", file], {}, 2, /cannot be written \((EEXIST|ENOTDIR)\); name another/],
  [
    "an unknown scenario",
    [...out, "--scenario", "nope"],
    {},
    2,
    /there is no scenario "nope"; choose one of empty/,
  ],
  [
    "a missing kubeconfig",
    [...out, "--kubeconfig", "/nowhere"],
    {},
    2,
    /there is no file \/nowhere; name one/,
  ],
  [
    "no browser",
    out,
    { CHROME_PATH: join(folder, "chrome") },
    4,
    /no browser can be started .*; set CHROME_PATH/,
  ],
])("%s: one line, and its exit code", async (_, args, env, expected, message) => {
  const { code, stdout, stderr } = await capture(args, env);
  expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});
