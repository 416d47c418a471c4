// The only file that the machine's own Node runs (20 or newer): it installs what is missing, then hands over to the
// Node that came with the installation. Hence no dependencies and no TypeScript here.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withLock } from "./lock.mjs";
import { productFlags } from "./product-flags.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const modules = join(root, "node_modules");
const wantedMajor = 24;

/** @param {string} message */
function fail(message) {
  process.stderr.write(`poolboard: ${message}\n`);
  process.exit(2);
}

/** npm leaves this file behind at the end of an installation. */
function installIsCurrent() {
  const installed = join(modules, ".package-lock.json");
  return (
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs
  );
}

/** @returns {Promise<void>} */
function install() {
  process.stderr.write("poolboard: installing what is missing (npm ci)\n");
  const npm = process.env.npm_execpath;
  const args = ["ci", "--ignore-scripts", "--include=dev", "--include=optional"];
  const [program, allArgs] = npm ? [process.execPath, [npm, ...args]] : ["npm", args];
  return new Promise((resolve) => {
    // What npm prints is not the program's output, so it goes to stderr.
    const child = spawn(program, allArgs, {
      cwd: root,
      stdio: ["ignore", 2, 2],
      shell: process.platform === "win32" && !npm,
    });
    child.on("error", (error) => fail(`npm cannot be started (${error.message}); install npm and try again`));
    child.on("exit", (code) => {
      if (code !== 0) fail("npm ci failed, see above; mend that and try again");
      resolve();
    });
  });
}

/** The Node that is installed with the project, or this one when it is new enough. */
function findNode() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const file = platform === "win" ? "node.exe" : "node";
  const packages = [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`];
  const found = packages.map((name) => join(modules, name, "bin", file)).find((path) => existsSync(path));
  if (found) return found;
  if (Number(process.versions.node.split(".")[0]) >= wantedMajor) return process.execPath;
  return fail(
    `needs Node ${wantedMajor}, and none comes with it for ${platform} ${process.arch}; install Node ${wantedMajor}`,
  );
}

/**
 * Runs the command as a child and ends as it ends. The channel between the two tells the child when this process dies.
 * @param {string} node
 * @param {string[]} program with the flags of its Node before it
 * @param {string[]} args
 */
function handOver(node, program, args) {
  const path = [join(modules, ".bin"), process.env.PATH ?? ""].join(delimiter);
  const child = spawn(node, [...program, ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, PATH: path },
  });
  const signals = /** @type {const} */ (["SIGTERM", "SIGINT", "SIGHUP"]);
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(`${node} cannot be started: ${error.message}`));
  child.on("exit", (code, signal) => {
    for (const each of signals) process.removeAllListeners(each);
    if (signal) process.kill(process.pid, signal);
    else process.exit(code ?? 1);
  });
  // npm, and the shell it runs us in, may be killed without telling us; then somebody else is our parent.
  if (!process.env.npm_lifecycle_event) return;
  const known = ancestors();
  setInterval(() => ancestors() !== known && child.kill("SIGTERM"), 1_000).unref();
}

/** Our parent and, where /proc says so, its parent. */
function ancestors() {
  const parent = process.ppid;
  try {
    const stat = readFileSync(`/proc/${parent}/stat`, "utf8");
    return `${parent} ${stat.slice(stat.lastIndexOf(")")).split(" ")[2]}`;
  } catch {
    return `${parent}`;
  }
}

const [command = "", ...args] = process.argv.slice(2);
const program = join(root, "lib", "cli", `${command}.ts`);
if (!/^[a-z]+(-[a-z]+)*$/.test(command) || !existsSync(program)) {
  fail(`there is no command "${command}"; package.json lists them under "scripts"`);
}
if (!installIsCurrent()) {
  await withLock(join(root, ".poolboard", "install.lock"), async () => {
    if (!installIsCurrent()) await install();
  });
}
handOver(findNode(), command === "start" ? [...productFlags, program] : [program], args);
