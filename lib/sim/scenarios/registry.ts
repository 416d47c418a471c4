import type { ApiMode } from "../../calico/dialect.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { aggregatedV3 } from "./aggregated-v3.ts";
import { borrowed } from "./borrowed.ts";
import type { RawObject, ScenarioOptions } from "./builder.ts";
import { busy } from "./busy.ts";
import { churnBusy } from "./busy-churn.ts";
import { dualStack } from "./dual-stack.ts";
import { empty } from "./empty.ts";
import { forbidden, viewerMay } from "./forbidden.ts";
import { fullByBlocks } from "./full-by-blocks.ts";
import { large } from "./large.ts";
import { nativeV3 } from "./native-v3.ts";
import { nearlyFull } from "./nearly-full.ts";
import { notCalico } from "./not-calico.ts";
import { oddObjects } from "./odd-objects.ts";
import { operatorOwned } from "./operator-owned.ts";
import { tunnelsInPool } from "./tunnels-in-pool.ts";
import { tutorial } from "./tutorial.ts";
import { tutorialDone } from "./tutorial-done.ts";

export interface Scenario {
  readonly name: string;
  /** One sentence. */
  readonly story: string;
  /** How Calico's kinds are served; "crd-v1" when absent. */
  readonly apiMode?: ApiMode;
  readonly objects: (options: ScenarioOptions) => Iterable<RawObject>;
  /** What a user without a token may do; everything when absent. */
  readonly viewerMay?: (access: {
    readonly verb: string;
    readonly group: string;
    readonly resource: string;
  }) => boolean;
  /** True: the Tigera operator is at work and keeps the pools of its Installation. */
  readonly operator?: boolean;
  /** Keeps something happening until the signal. */
  readonly churn?: (connection: ClusterConnection, signal: AbortSignal) => Promise<void>;
}

export const scenarios: readonly Scenario[] = [
  { name: "empty", story: "Calico is installed; there is no node and no pool.", objects: empty },
  {
    name: "tutorial",
    story: "The tutorial's cluster before Step 1: four nodes, the default pool, 36 addresses in use.",
    objects: tutorial,
  },
  {
    name: "tutorial-done",
    story: "The tutorial's cluster after Step 5: two more pools, two namespaces, nine pods in each.",
    objects: tutorialDone,
  },
  {
    name: "busy",
    story: "A lively cluster with pools in every state, failing pods and something always changing.",
    objects: busy,
    churn: churnBusy,
  },
  { name: "nearly-full", story: "A /24 pool with six addresses left.", objects: nearlyFull },
  {
    name: "full-by-blocks",
    story: "A tenth of the addresses is in use, but every block is claimed and strict affinity is on.",
    objects: fullByBlocks,
  },
  {
    name: "borrowed",
    story: "Four nodes own all blocks of a pool, three more live on borrowed addresses.",
    objects: borrowed,
  },
  { name: "dual-stack", story: "IPv4 and IPv6 pools, pods with either or both.", objects: dualStack },
  {
    name: "operator-owned",
    story: "Two pools are the Tigera operator's, who puts back what is changed; five belong to others.",
    objects: operatorOwned,
    operator: true,
  },
  {
    name: "tunnels-in-pool",
    story:
      "VXLAN, IPIP and WireGuard tunnel addresses in pools; one node has another pool for them, one has none.",
    objects: tunnelsInPool,
  },
  {
    name: "native-v3",
    story:
      "Calico's kinds as projectcalico.org/v3, and a controller that judges pools: overlapping, disabled, terminating.",
    objects: nativeV3,
    apiMode: "native-v3",
  },
  {
    name: "aggregated-v3",
    story: "Calico's own API server for projectcalico.org/v3, in front of the v1 CRDs.",
    objects: aggregatedV3,
    apiMode: "aggregated-v3",
  },
  {
    name: "odd-objects",
    story: "Objects that should not exist: malformed, contradictory, hostile.",
    objects: oddObjects,
  },
  {
    name: "not-calico",
    story: "Calico without Calico IPAM: pods get their addresses from host-local.",
    objects: notCalico,
  },
  {
    name: "forbidden",
    story: "The viewer may not read pods, blocks, affinities and reservations, and may change nothing.",
    objects: forbidden,
    viewerMay,
  },
  { name: "large", story: "5,000 nodes, 150,000 pods, 7,800 blocks.", objects: large },
];

export function findScenario(name: string): Scenario | null {
  return scenarios.find((scenario) => scenario.name === name) ?? null;
}
