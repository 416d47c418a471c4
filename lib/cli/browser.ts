import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { systemBrowser } from "./system-browser.ts";

/** What Playwright's `launch` needs to start a Chromium that runs on this machine. */
export interface Browser {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--font-render-hinting=none",
  "--force-color-profile=srgb",
  "--no-first-run",
  "--no-pings",
];

/**
 * Finds a Chromium: `CHROME_PATH` when set, else the one inside the npm package `@sparticuz/chromium`, unpacked once
 * per version with the libraries and fonts it carries. The package is for Linux on x64; elsewhere it is one that the machine has.
 * Throws when there is none, or when the package cannot be unpacked.
 */
export async function findBrowser(): Promise<Browser> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const chosen = process.env["CHROME_PATH"];
  if (chosen) {
    if (!existsSync(chosen)) throw new Error(`CHROME_PATH names no file: ${chosen}`);
    return { executablePath: chosen, args: flags, env };
  }
  if (process.platform !== "linux" || process.arch !== "x64") {
    const executablePath = systemBrowser();
    if (executablePath === null) throw new Error("this machine has no Chromium, Chrome or Edge");
    return { executablePath, args: flags, env };
  }
  const folder = await unpacked();
  const libraries = join(folder, "al2023", "lib");
  const fonts = await fontConfiguration(folder);
  return {
    executablePath: join(folder, "chromium"),
    args: flags,
    env: {
      ...env,
      FONTCONFIG_FILE: fonts,
      LD_LIBRARY_PATH: [libraries, env["LD_LIBRARY_PATH"]].filter(Boolean).join(":"),
    },
  };
}

/**
 * Writes a font configuration that names the package's fonts where they really lie: the one it carries expects them in
 * fixed places, and a Chromium that finds no font at all ends at the first character its page's fonts lack.
 */
async function fontConfiguration(folder: string): Promise<string> {
  const file = join(folder, "fonts.conf");
  if (existsSync(file)) return file;
  const fresh = `${file}.${process.pid}`;
  const dir = (path: string) => `<dir>${path.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</dir>`;
  const cache = dir(join(folder, "fonts-cache")).replaceAll("dir>", "cachedir>");
  await writeFile(
    fresh,
    `<?xml version="1.0"?>\n<fontconfig>${dir(join(folder, "fonts"))}${cache}</fontconfig>\n`,
  );
  await rename(fresh, file);
  return file;
}

/** The folder that holds the unpacked package: named after its version, complete or absent. */
async function unpacked(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const root = join(dirname(entry), "..", "..");
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const folder = join(cache, "poolboard", `chromium-${version}`);
  if (existsSync(folder)) return folder;

  // The package unpacks into the temporary folder and takes whatever lies there for its own, so it gets a fresh one;
  // the environment variable makes it unpack the shared libraries too.
  const fresh = `${folder}.${process.pid}`;
  await mkdir(fresh, { recursive: true });
  const script = `const { default: chromium } = await import(${JSON.stringify(entry)}); await chromium.executablePath();`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" },
  });
  await rename(fresh, folder).catch(async (error: unknown) => {
    // Another process was first: its folder is as good.
    if (!existsSync(folder)) throw error;
    await rm(fresh, { recursive: true, force: true });
  });
  return folder;
}
