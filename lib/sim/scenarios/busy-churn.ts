import { sleep } from "../../kube/clock.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { listAll, mergePatch } from "../../kube/objects.ts";
import { resources } from "../controllers/resources.ts";
import type { Deployment } from "../kube-objects.ts";
import { SeededRandom } from "./seeded-random.ts";

/** Deployments with this label grow and shrink by themselves. */
export const churnLabel = "poolboard.example/churn";

const everyMs = 4_000;

/** Scales one of the restless deployments by one or two every few seconds, the same way on every run. */
export async function churnBusy(connection: ClusterConnection, signal: AbortSignal): Promise<void> {
  const random = new SeededRandom("busy-churn");
  while (!signal.aborted) {
    await sleep(connection.clock, everyMs * (0.5 + random.next()), signal);
    if (signal.aborted) return;
    try {
      await scaleOne(connection, random, signal);
    } catch (error) {
      // A cluster that does not answer for a moment (a fault, a restart) is asked again next time.
      connection.log.warn({ reason: error instanceof Error ? error.message : "unknown" }, "churn paused");
    }
  }
}

async function scaleOne(
  connection: ClusterConnection,
  random: SeededRandom,
  signal: AbortSignal,
): Promise<void> {
  const { items } = await listAll(connection, resources.deployments, { labelSelector: churnLabel, signal });
  const chosen = random.pick(items as Deployment[]);
  if (!chosen) return;
  const { name, namespace = "", annotations = {} } = chosen.metadata;
  const usual = Number(annotations[churnLabel] ?? 4);
  const replicas = Math.max(1, usual - 2 + random.below(5));
  const ref = { resource: resources.deployments, namespace, name };
  await mergePatch(connection, ref, { spec: { replicas } }, { fieldManager: "autoscaler", signal });
}
