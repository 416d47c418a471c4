import { type ChildProcess, execFile, spawn } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { createObject, removeObject } from "../../kube/objects.ts";
import { contend, markKey } from "./contention.ts";
import { realSite } from "./real-site.ts";
import { freeCidr, poolObject, resourceOf } from "./world.ts";

const ROUNDS = Number(process.env["CONTENTION_ROUNDS"] ?? 500);
const TOKEN = "a token for nobody but this test";
const program = path.join(import.meta.dirname, "../../cli/start.ts");

test(
  `two of our servers and kubectl switch one pool ${ROUNDS} times: no wrong write, no refusal without a reason`,
  {
    timeout: 300_000 + ROUNDS * 2_000,
  },
  async () => {
    const kubeconfig = process.env["KUBECONFIG"] ?? "";
    const { direct, mode } = await realSite();
    onTestFinished(() => direct.close());
    const pools = resourceOf(mode, "IPPool");
    const pool = `contention-${Math.random().toString(36).slice(2, 8)}`;
    const cidr = await freeCidr(direct, pools);
    await createObject(direct, { resource: pools }, poolObject(mode, pool, cidr));
    onTestFinished(() => removeObject(direct, { resource: pools, name: pool }).then(() => {}));
    // One after the other: the first may have to build the pages.
    const one = await startServer(kubeconfig);
    const other = await startServer(kubeconfig);
    const result = await contend({
      servers: [one, other],
      token: TOKEN,
      direct,
      pools,
      pool,
      rounds: ROUNDS,
      kubectl: async (disabled, mark) => {
        const patch = JSON.stringify({ metadata: { annotations: { [markKey]: mark } }, spec: { disabled } });
        const kind = `${pools.plural}.${pools.version}.${pools.group}`;
        await promisify(execFile)("kubectl", [
          "--kubeconfig",
          kubeconfig,
          "patch",
          kind,
          pool,
          "--type=merge",
          "-p",
          patch,
        ]);
      },
    });
    expect(result.wrong).toEqual([]);
    expect(result.byKubectl).toBe(ROUNDS);
    expect(result.accepted + result.refused).toBe(2 * ROUNDS);
    expect(result.accepted).toBeGreaterThan(0);
    process.stdout.write(
      `contention: ${result.accepted} of ${2 * ROUNDS} clicks written, ${result.refused} refused with a reason, 0 wrong; ${result.byKubectl} changes by kubectl\n`,
    );
  },
);

/** Starts Poolboard as a user would and answers where it is. */
async function startServer(kubeconfig: string): Promise<string> {
  const child = spawn(process.execPath, [program, "--port", "0", "--kubeconfig", kubeconfig], {
    env: { ...process.env, POOLBOARD_TOKEN: TOKEN },
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
