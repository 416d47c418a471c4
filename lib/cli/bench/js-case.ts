import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { ensureBuilt } from "../build.ts";
import type { BenchCase } from "./case.ts";
import type { Measurement } from "./measure.ts";

const root = join(import.meta.dirname, "..", "..", "..");

/** The routes that people come to first. */
const routes = ["/", "/pools", "/pools/[name]", "/pods", "/addresses", "/nodes", "/namespaces"] as const;

/** What only the chart library has in its code: the class name of its outermost element. */
const chartMark = "recharts-wrapper";

export const jsCase: BenchCase = {
  name: "js",
  summary: "the JavaScript that a page loads before it shows anything, beside a page with one button",
  async run({ tell }) {
    const [built, bare] = [join(root, await ensureBuilt()), await buildBare(tell)];
    const peer = bytesOf((await scriptsOf(bare, "/")).values());
    const measurements: Measurement[] = [];
    let withChart = 0;
    for (const route of routes) {
      const scripts = await scriptsOf(built, route);
      if ([...scripts.values()].some((code) => code.includes(chartMark))) withChart += 1;
      measurements.push({
        name: `first JavaScript of ${route}, gzip`,
        value: bytesOf(scripts.values()),
        against: peer,
        peer: "bare page",
        unit: "bytes",
        ...(route === "/" ? { target: { ratio: 1.6 } } : {}),
      });
    }
    measurements.push({
      name: "routes with the chart library in it",
      value: withChart,
      against: null,
      unit: "count",
      target: { value: 0 },
    });
    return measurements;
  },
};

/**
 * Every script that the page of a route names in its HTML, by file: what React and Next need, and what Next lists for the route
 * and its layout. Polyfills for old browsers are left out: no browser of today loads them.
 */
async function scriptsOf(build: string, route: string): Promise<Map<string, Buffer>> {
  const { rootMainFiles } = JSON.parse(await readFile(join(build, "build-manifest.json"), "utf8")) as {
    rootMainFiles: readonly string[];
  };
  const file = join(
    build,
    "server",
    "app",
    `${route === "/" ? "" : route}/page_client-reference-manifest.js`,
  );
  const scope: { globalThis: Readonly<Record<string, Readonly<Record<string, { entryJSFiles: Entries }>>>> } =
    {
      globalThis: {},
    };
  runInNewContext(await readFile(file, "utf8"), scope);
  const { entryJSFiles = {} } = Object.values(scope.globalThis["__RSC_MANIFEST"] ?? {})[0] ?? {};
  const listed = Object.entries(entryJSFiles)
    .filter(([name]) => name.endsWith("/layout") || name.endsWith("/page"))
    .flatMap(([, files]) => files);
  if (listed.length === 0) throw new Error(`Next lists no scripts for ${route}: its manifest has changed`);
  const names = [...new Set([...rootMainFiles, ...listed])];
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(build, name))] as const)),
  );
}

type Entries = Readonly<Record<string, readonly string[]>>;

/** As they travel: each compressed by itself, as `next start` does it. */
function bytesOf(scripts: Iterable<Buffer>): number {
  return [...scripts].reduce((sum, code) => sum + gzipSync(code).length, 0);
}

/** Builds a page with one button by the same Next and React, once for each version of Next. Returns the build's folder. */
async function buildBare(tell: (line: string) => void): Promise<string> {
  const next = join(root, "node_modules", "next");
  const { version } = JSON.parse(await readFile(join(next, "package.json"), "utf8")) as { version: string };
  const folder = join(root, ".poolboard", `bare-${version}`);
  const build = join(folder, ".next");
  if (existsSync(join(build, "BUILD_ID"))) return build;
  tell("building a bare page to compare with");
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "app"), { recursive: true });
  const files: Readonly<Record<string, string>> = {
    "package.json": `{ "private": true, "type": "module" }\n`,
    "next.config.mjs": `export default { turbopack: { root: ${JSON.stringify(root)} } };\n`,
    "app/layout.jsx": "export default ({ children }) => <html lang='en'><body>{children}</body></html>;\n",
    "app/page.jsx": `"use client";
import { useState } from "react";
export default function Page() {
  const [count, setCount] = useState(0);
  return <button onClick={() => setCount(count + 1)}>{count}</button>;
}
`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await symlink(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  await new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, [join(next, "dist", "bin", "next"), "build"], {
      cwd: folder,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
      stdio: ["ignore", "ignore", "inherit"],
    });
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error("the bare page could not be built")),
    );
  });
  return build;
}
