import { afterEach, expect, test, vi } from "vitest";
import { sandboxFailureText } from "../../calico/pod.ts";
import type { Choice } from "../../contract/choice.ts";
import { parseAddress } from "../../ipam/address.ts";
import { ordinalOf } from "../../ipam/block-ops.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { formatPodIp, type PodRow } from "../../inventory/pod-row.ts";
import { startInventory, stopInventory } from "../../inventory/registry.ts";
import { type ClusterConnection, openCluster } from "../../kube/connection.ts";
import { createObject } from "../../kube/objects.ts";
import { type EmbeddedCluster, startEmbeddedCluster } from "../../sim/cluster.ts";
import { resources } from "../../sim/controllers/resources.ts";
import { readChoice } from "./choose.ts";

/** What was said of a pod, held against what the cluster's own network plugin then gave it. */

let cluster: EmbeddedCluster | null = null;
let connection: ClusterConnection | null = null;
afterEach(async () => {
  await stopInventory();
  await connection?.close();
  await cluster?.close();
});

const annotations: readonly (string | undefined)[] = [
  undefined,
  undefined,
  "[]",
  '["default-ipv4-ippool"]',
  "oops",
];
/** More pairs of a namespace and a node than this are not tried in one scenario. */
const most = 24;

test.each(["tutorial-done", "busy", "borrowed", "full-by-blocks", "nearly-full", "dual-stack", "native-v3"])(
  "%s: each pod gets what was said",
  { timeout: 60_000 },
  async (scenario) => {
    cluster = await startEmbeddedCluster({ scenario, churn: false, agents: { retryMs: 3_600_000 } });
    connection = await openCluster({ server: cluster.api.url });
    const inventory = startInventory(connection);
    await vi.waitFor(() => expect(inventory.states.unsettled).toBeNull(), { timeout: 15_000, interval: 5 });
    await vi.waitFor(() => expect(inventory.phase.status).toBe("ready"), { timeout: 15_000, interval: 5 });
    const nodes = [...inventory.nodes.table].map(({ name }) => name).sort();
    const namespaces = [...inventory.namespaces].filter(({ deleting }) => !deleting).map(({ name }) => name);
    const pairs = namespaces
      .sort()
      .flatMap((namespace, at) =>
        nodes.map((node, by) => ({ namespace, node, pools: annotations[(at + by) % annotations.length] })),
      );
    const step = Math.max(1, Math.floor(pairs.length / most));
    const tried = pairs.filter((_pair, at) => at % step === 0);
    expect(tried.length).toBeGreaterThan(3);
    for (const [at, { namespace, node, pools }] of tried.entries()) {
      const query = { namespace, node, ...(pools === undefined ? {} : { ipv4pools: pools }) };
      const { families } = readChoice(inventory, query);
      const said = families.map((family) => readChoice(inventory, { ...query, family }));
      const pod = await run(inventory, connection, `asked-${at}`, query);
      expect(given(inventory, pod), JSON.stringify(query)).toEqual(outcome(said));
    }
  },
);

function outcome(said: readonly Choice[]): string | (string | null)[] {
  return said[0]?.error ?? said.map(({ ip }) => ip);
}

function given(inventory: Inventory, pod: PodRow): string | string[] {
  const failure = inventory.pods.failureOf(pod);
  return failure ? sandboxFailureText(failure.message) : pod.ips.map(formatPodIp);
}

/** Binds a pod to the node by hand and waits until it runs or has failed, and until the inventory knows its addresses. */
async function run(
  inventory: Inventory,
  to: ClusterConnection,
  name: string,
  { namespace, node, ipv4pools }: { namespace: string; node: string; ipv4pools?: string },
): Promise<PodRow> {
  const body = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace,
      annotations: ipv4pools === undefined ? {} : { "cni.projectcalico.org/ipv4pools": ipv4pools },
    },
    spec: { nodeName: node, containers: [{ name: "main", image: "nginx" }] },
  };
  await createObject(to, { resource: resources.pods, namespace }, body, { fieldManager: "test" });
  return vi.waitFor(
    () => {
      const pod = inventory.pods.table.get(namespace, name);
      if (!pod) throw new Error("not there yet");
      if (inventory.pods.failureOf(pod)) return pod;
      expect(pod.ips.length).toBeGreaterThan(0);
      for (const ip of pod.ips.map((one) => parseAddress(formatPodIp(one)))) {
        const block = inventory.space.blockWith(ip);
        const ordinal = block && ordinalOf(block.cidr, ip);
        expect(block && ordinal !== null && block.content.slot(ordinal) >= 0).toBe(true);
      }
      return pod;
    },
    { timeout: 10_000, interval: 2 },
  );
}
