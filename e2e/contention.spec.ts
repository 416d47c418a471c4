import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";
import { openCluster } from "../lib/kube/connection.ts";
import { contend, markKey } from "../lib/server/bad-days/contention.ts";
import { hasKubectl, Program, temporaryFolder } from "./fixtures.ts";

const ROUNDS = 25;
const token = "a token for nobody but this test";

test("two servers and kubectl switch one pool: no wrong write, no refusal without a reason", async () => {
  // Three programs start, and kubectl once a round.
  test.setTimeout(240_000);
  test.skip(!hasKubectl, "kubectl is not on the PATH");
  const folder = await temporaryFolder();
  const kubeconfig = join(folder, "kubeconfig");
  process.env["POOLBOARD_TOKEN"] = token;
  const programs: Program[] = [];
  const start = async (script: "start.ts" | "cluster.ts", ...args: string[]) => {
    const program = new Program(script, ["--port", "0", ...args]);
    programs.push(program);
    return program.firstLine();
  };
  try {
    await start("cluster.ts", "--scenario", "tutorial-done", "--write-kubeconfig", kubeconfig);
    const [one, other] = await Promise.all([0, 1].map(() => start("start.ts", "--kubeconfig", kubeconfig)));
    const direct = await openCluster({ kubeconfig });
    const { wrong, accepted, refused, byKubectl } = await contend({
      servers: [new URL(one ?? "").origin, new URL(other ?? "").origin],
      token,
      direct,
      pools: { group: "crd.projectcalico.org", version: "v1", plural: "ippools", namespaced: false },
      pool: "external-pool",
      rounds: ROUNDS,
      kubectl: async (disabled, mark) => {
        const patch = JSON.stringify({ metadata: { annotations: { [markKey]: mark } }, spec: { disabled } });
        const args = [
          "patch",
          "ippools.v1.crd.projectcalico.org",
          "external-pool",
          "--type=merge",
          "-p",
          patch,
        ];
        await promisify(execFile)("kubectl", args, {
          env: { ...process.env, KUBECONFIG: kubeconfig, HOME: folder },
        });
      },
    });
    await direct.close();
    expect(wrong).toEqual([]);
    expect({ clicks: accepted + refused, byKubectl }).toEqual({ clicks: 2 * ROUNDS, byKubectl: ROUNDS });
    expect(accepted).toBeGreaterThan(0);
  } finally {
    for (const program of programs.toReversed()) await program.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
