import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, symlink, utimes } from "node:fs/promises";
import { join, relative } from "node:path";
import { withLock } from "./lock.mjs";

const root = join(import.meta.dirname, "..", "..");
const builds = join(root, ".poolboard", "build");
const kept = 3;

/** What the build is made of. Tests, the embedded cluster and the programs are not. */
const sources = [
  "app",
  "components",
  "lib",
  "public",
  "next.config.ts",
  "proxy.ts",
  "instrumentation.ts",
  "tsconfig.json",
  "package-lock.json",
];
const isOutside = (path: string) =>
  /\.test\.tsx?$/.test(path) || /^lib\/(capture|cli|recordings|sim)\//.test(path) || path.endsWith(".md");

async function hashSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const source of sources) {
    const path = join(root, source);
    const info = await stat(path).catch(() => null);
    if (!info) continue;
    const files = info.isDirectory()
      ? (await readdir(path, { recursive: true, withFileTypes: true }))
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .sort()
      : [path];
    for (const file of files) {
      const name = relative(root, file).replaceAll("\\", "/");
      if (!isOutside(name))
        hash
          .update(`${name}\0`)
          .update(await readFile(file))
          .update("\0");
    }
  }
  return hash.digest("hex").slice(0, 16);
}

function runNextBuild(): Promise<void> {
  const next = join(root, "node_modules", "next", "dist", "bin", "next");
  const env: NodeJS.ProcessEnv = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
  delete env["POOLBOARD_BUILD"];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [next, "build"], { cwd: root, env, stdio: ["ignore", 2, 2] });
    process.once("exit", () => child.kill());
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error("next build failed, see above; mend that and start again")),
    );
  });
}

/**
 * Builds the pages when their sources have changed and returns the build's folder, relative to the project. A finished
 * build is never written to again: a server that runs from it is safe from the next one. Only one process builds at a time.
 */
export async function ensureBuilt(): Promise<string> {
  const name = await hashSources();
  const folder = join(builds, name);
  const finished = () => existsSync(join(folder, "BUILD_ID"));
  if (!finished()) {
    await withLock(join(root, ".poolboard", "build.lock"), async () => {
      if (finished()) return;
      process.stderr.write("poolboard: building the pages\n");
      await runNextBuild();
      await mkdir(builds, { recursive: true });
      await rm(folder, { recursive: true, force: true });
      await rm(join(root, ".next", "cache"), { recursive: true, force: true });
      // Next writes its output folder into tsconfig.json, so it always builds into the one named there.
      await rename(join(root, ".next"), folder);
      await linkPackages();
      await removeOldBuilds(name);
    });
  }
  // In a container the build is there and nobody may write to it.
  await utimes(folder, new Date(), new Date()).catch((error: NodeJS.ErrnoException) => {
    if (!["EROFS", "EACCES", "EPERM"].includes(error.code ?? "")) throw error;
  });
  return relative(root, folder);
}

/** A build finds its external packages two folders up from its own node_modules: where it lies now that is this link. */
async function linkPackages(): Promise<void> {
  const link = join(builds, "node_modules");
  if (!existsSync(link)) await symlink(join(root, "node_modules"), link, "junction");
}

async function removeOldBuilds(current: string): Promise<void> {
  const others = (await readdir(builds)).filter((name) => /^[0-9a-f]{16}$/.test(name) && name !== current);
  const aged = await Promise.all(
    others.map(async (name) => ({ name, usedAt: (await stat(join(builds, name))).mtimeMs })),
  );
  aged.sort((a, b) => b.usedAt - a.usedAt);
  for (const { name } of aged.slice(kept - 1)) await rm(join(builds, name), { recursive: true, force: true });
}

if (import.meta.main) {
  await ensureBuilt().catch((error: unknown) => {
    process.stderr.write(`poolboard: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
}
