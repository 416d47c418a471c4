import { join } from "node:path";
import { compareAnswers, type Counted, readAnswers } from "../bench/answers.ts";
import { Child } from "../bench/child.ts";
import { pause } from "./pause.ts";
import type { Comparison } from "./soak-result.ts";
import { clusterTruth, compareFacts, getJson, productAnswers } from "./truth.ts";

/** How long what differs is looked at again, and how often at least: on a busy machine one look alone takes so long. */
const patienceMs = 45_000;
const fewestLooks = 3;

interface Sides {
  readonly crowd: Child;
  readonly kubeconfig: string;
  readonly server: string;
  readonly url: string;
  readonly interrupted: AbortSignal;
}

/** Compares, again and again, what the API server holds with what Poolboard answers and what viewers were told, until all are one. */
export async function agreement({ crowd, kubeconfig, server, url, interrupted }: Sides): Promise<Comparison> {
  const stoppedAt = Date.now();
  const truth = await clusterTruth(server);
  const compared = Object.values(truth).reduce((sum, facts) => sum + Object.keys(facts).length, 0);
  for (let looks = 1; ; looks++) {
    const { lost, phantom } = compareFacts(truth, await productAnswers(url));
    const told = await crowd.ask<{ viewers: number; wrong: string[] }>({
      what: "compare",
      truth: truth.blocks,
    });
    const agrees = lost.length + phantom.length + told.wrong.length === 0;
    const waitedMs = Date.now() - stoppedAt;
    if (agrees || interrupted.aborted || (waitedMs > patienceMs && looks >= fewestLooks)) {
      const totals = compareAnswers(
        await countAll(kubeconfig),
        await readAnswers((path) => getJson(`${url}/api/v1/${path}`)),
      );
      return { compared, lost, phantom, ...told, totals, agreedAfterMs: agrees ? waitedMs : null };
    }
    await pause(500, interrupted);
  }
}

/** By another program, which has nothing of ours. */
async function countAll(kubeconfig: string): Promise<Counted> {
  const program = join(import.meta.dirname, "..", "bench", "calicoctl-child.ts");
  return JSON.parse(await new Child(program, ["count", kubeconfig, "v3.33"]).output()) as Counted;
}
