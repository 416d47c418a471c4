import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { createObject, removeObject } from "../../kube/objects.ts";
import { contend, markKey } from "./contention.ts";
import { startServer } from "./own-server.ts";
import { realSite } from "./real-site.ts";
import { freeCidr, poolObject, resourceOf } from "./world.ts";

const ROUNDS = Number(process.env["CONTENTION_ROUNDS"] ?? 500);
const TOKEN = "a token for nobody but this test";

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
    const one = await startServer(kubeconfig, { POOLBOARD_TOKEN: TOKEN });
    const other = await startServer(kubeconfig, { POOLBOARD_TOKEN: TOKEN });
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
