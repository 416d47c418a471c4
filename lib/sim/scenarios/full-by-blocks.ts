import type { RawObject, ScenarioOptions } from "./builder.ts";
import { addFailingPod } from "./failing-pods.ts";
import { addSystem, roundRobin, storyCluster, workersOf } from "./story-cluster.ts";
import { templateOf } from "./pods.ts";
import { addDeployment } from "./workloads.ts";

const strict = {
  strictAffinity: true,
  autoAllocateBlocks: true,
  maxBlocksPerHost: 0,
  kubeVirtVMAddressPersistence: "Enabled",
  ipCooldownSeconds: 0,
} as const;

/**
 * A pool of 16 blocks and 18 nodes, under strict affinity: a tenth of the addresses is in use, every block is claimed, and
 * pods on the last two nodes get nothing.
 */
export function fullByBlocks(options: ScenarioOptions): Iterable<RawObject> {
  const { ipCooldownSeconds: _, ...stored } = strict;
  const builder = storyCluster("full-by-blocks", options, { prefix: "rack", nodes: 16, ipamConfig: stored });
  builder.ipam.configure(strict);
  builder.pool("rack-pool", { cidr: "10.30.0.0/22", vxlanMode: "Always", natOutgoing: true });
  addSystem(builder, ["rack-pool"]);
  builder.namespace("telemetry", { ageSeconds: 40 * 86_400 });
  const workers = workersOf(builder);
  addDeployment(builder, {
    namespace: "telemetry",
    name: "collector",
    image: "registry.example/telemetry/collector:4.0",
    places: roundRobin(workers, 3 * workers.length),
    ageSeconds: 30 * 86_400,
  });
  const template = templateOf({ name: "probe", image: "registry.example/telemetry/probe:4.0" });
  ["rack-17", "rack-18"].forEach((node, index) => {
    builder.node(node, { ip: `192.168.10.${27 + index}`, labels: { "node-role.kubernetes.io/worker": "" } });
    for (const number of [0, 1]) {
      const name = `probe-${node}-${number}`;
      const ageSeconds = 1_500 - 300 * index - 60 * number;
      const request = {
        namespace: "telemetry",
        pod: name,
        node,
        sandbox: builder.random.hex(64),
        ageSeconds,
      };
      const error = builder.ipam.refusal(builder, request);
      addFailingPod(builder, {
        namespace: "telemetry",
        name,
        node,
        template,
        error,
        ageSeconds,
        tries: Math.floor(ageSeconds / 12),
      });
    }
  });
  return builder.objects();
}
