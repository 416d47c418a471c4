import type { RawObject, ScenarioOptions } from "./builder.ts";
import { tutorialCluster, tutorialNodes } from "./tutorial.ts";
import { addDeployment } from "./workloads.ts";

const [, first, second, third] = tutorialNodes;

interface Half {
  readonly namespace: string;
  readonly pool: string;
  readonly cidr: string;
  readonly label: string;
  readonly hash: string;
  /** Block of each node, and its pods in the order of their addresses. */
  readonly pods: readonly (readonly [node: string, block: string, suffixes: readonly string[]])[];
}

/** Pods, names, nodes and addresses as the tutorial prints them in Step 4. */
const halves: readonly Half[] = [
  {
    namespace: "external-ns",
    pool: "external-pool",
    cidr: "10.64.0.0/20",
    label: "nginx-external",
    hash: "8bd69cc8d",
    pods: [
      [first, "10.64.12.64/26", ["dfwqt", "b2bxx", "d2rzj"]],
      [second, "10.64.0.64/26", ["tbcw2", "bnggs", "n2lk7"]],
      [third, "10.64.1.128/26", ["k7xhh", "wpdhr", "dgr56"]],
    ],
  },
  {
    namespace: "internal-ns",
    pool: "internal-pool",
    cidr: "10.64.16.0/20",
    label: "nginx-internal",
    hash: "5596c58d6b",
    pods: [
      [first, "10.64.28.64/26", ["t9jtn", "64jl6", "qvlr2"]],
      [second, "10.64.16.64/26", ["hr6z5", "l5g5c", "8mhr4"]],
      [third, "10.64.17.128/26", ["lhx64", "zsn7c", "t2zhj"]],
    ],
  },
];

/** After Step 5: both pools, both namespaces, nine pods each; external-pool still enabled. */
export function tutorialDone(options: ScenarioOptions): Iterable<RawObject> {
  const builder = tutorialCluster("tutorial-done", options);
  const ageSeconds = 448;
  for (const { namespace, pool, cidr, label, hash, pods } of halves) {
    builder.pool(pool, { cidr, vxlanMode: "CrossSubnet", natOutgoing: true }, { ageSeconds: 600 });
    const annotations = { "cni.projectcalico.org/ipv4pools": JSON.stringify([pool]) };
    builder.namespace(namespace, { annotations, ageSeconds: 540 });
    builder.ipam.assignNamespace(namespace, [pool]);
    for (const [node, block] of pods)
      builder.ipam.claim(builder, block, { type: "host", name: node }, ageSeconds);
    addDeployment(builder, {
      namespace,
      name: "nginx-deployment",
      image: "nginx",
      labels: { app: label },
      port: 80,
      hash,
      ageSeconds,
      places: pods.flatMap(([node, , suffixes]) => suffixes.map((name) => ({ node, name }))),
    });
  }
  return builder.objects();
}
