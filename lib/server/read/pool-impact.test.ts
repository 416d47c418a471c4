import { expect, test } from "vitest";
import type { ImpactStatement } from "../../contract/impact.ts";
import type { PoolChange } from "../../contract/pools.ts";
import { inWords } from "../../ipam/impact-testing.ts";
import {
  affinityObject,
  blockObject,
  calicoObject,
  inventoryOf,
  namespaceObject,
  nodeObject,
  podObject,
  poolObject,
} from "../../inventory/testing.ts";
import type { ImpactAction } from "../../ipam/impact.ts";
import { readPoolImpact } from "./pool-impact.ts";
import { impactChange } from "./pool-impact-spec.ts";

/** Two pools with tunnels; node n1 owns a block of each, and holds its tunnel address in the first. */
const inventory = inventoryOf({
  pools: [
    poolObject("main", "10.0.0.0/20", { vxlanMode: "Always", blockSize: 26 }),
    poolObject("spare", "10.9.0.0/20", { vxlanMode: "Always", blockSize: 28 }),
    poolObject("nowhere", "10.8.0.0/20", { nodeSelector: "has(gpu)" }),
  ],
  blocks: [
    blockObject("10.0.0.0/26", {
      node: "n1",
      holders: [
        { node: "n1", type: "vxlanTunnelAddress" },
        { pod: "a/auto", node: "n1" },
        { pod: "a/own", node: "n1" },
        { pod: "named/db", node: "n1" },
      ],
    }),
    blockObject("10.9.0.16/28", { node: "n1", holders: [{ pod: "a/other", node: "n1" }] }),
  ],
  affinities: [affinityObject("n1", "10.0.0.0/26"), affinityObject("n1", "10.9.0.16/28")],
  nodes: [nodeObject("n1", {}, { "projectcalico.org/IPv4VXLANTunnelAddr": "10.0.0.0" }), nodeObject("n2")],
  felixConfiguration: [calicoObject("FelixConfiguration", "default", { vxlanMTU: 1400 })],
  namespaces: [
    namespaceObject("a"),
    namespaceObject("named", { "cni.projectcalico.org/ipv4pools": '["main"]' }),
  ],
  pods: [
    podObject("a/auto", { ips: ["10.0.0.1"] }),
    podObject("a/own", {
      ips: ["10.0.0.2"],
      annotations: { "cni.projectcalico.org/ipv4pools": '["10.0.0.0/20"]' },
    }),
    podObject("named/db", { ips: ["10.0.0.3"] }),
    podObject("a/other", { ips: ["10.9.0.16"] }),
  ],
});

async function told(action: ImpactAction, change?: PoolChange): Promise<string[]> {
  const { statements } = await readPoolImpact(inventory, "main", action, null, change);
  return (statements as readonly ImpactStatement[] as Parameters<typeof inWords>[0][]).map(inWords);
}

test("blocks as the inventory packs them lead to the address that Calico takes next", async () => {
  expect(await told("disable")).toEqual([
    "fails Namespace named [1]: names main only; new pods wait with: the given pool (10.0.0.0/20) does not exist, or is not enabled",
    expect.stringMatching(/^fails PodTemplate unknown .*there is no connection to the cluster\)$/),
    expect.stringMatching(/^fails Pod a\/own \[1\]: names main only; .*\(atLeast: /),
    "moves Node n1 [null] 10.0.0.0→spare (10.9.0.17): its VXLAN tunnel address; until other nodes learn the new one, traffic to its pods can be lost",
    "capacity IPPool main [4095]: 4,095 addresses stay free in other automatic IPv4 pools: spare 4,095 (255 blocks to claim). Of the 3 pods that run here 2 get none of them; the other one fits in.",
    expect.stringMatching(
      /^unchanged IPPool main \[3\]: The 3 addresses in use, tunnels aside, their routes, NAT/,
    ),
    "unchanged Pods main [3]: 3 pods run on it: 1 by an annotation of their own, 1 by the annotation of their namespace, 1 by selectors alone.",
  ]);
});

test("an update is told by its fields", async () => {
  const change = impactChange(inventory, "main", {
    action: "update",
    spec: '{"vxlanMode":"Never","natOutgoing":true}',
  });
  expect(await told("update", change)).toEqual([
    expect.stringMatching(/^fails PodTemplate unknown/),
    expect.stringMatching(/^moves Node n1 \[null\] 10\.0\.0\.0→spare \(10\.9\.0\.17\)/),
    expect.stringMatching(
      /^removed IPPool main \[4\]: packets to its 4 addresses in use change from VXLAN \(Always\) to no encapsulation/,
    ),
    expect.stringMatching(
      /^poolState IPPool main \[4\]: packets of the 4 addresses in use to the outside get the address/,
    ),
    expect.stringMatching(
      /^unchanged IPPool main \[3\]: The 3 addresses in use, tunnels aside, stay with their holders, and no pod restarts\.$/,
    ),
    expect.stringMatching(/^unchanged Pods main/),
  ]);
  expect(await told("update", { namespaceSelector: null, nodeSelector: "all()" })).toEqual([
    "unchanged IPPool main [null]: Nothing changes: main has these settings already.",
  ]);
});

test.each([
  ["update", undefined, "spec: must say"],
  ["disable", "{}", "spec: goes with"],
  ["update", "[]", "spec: "],
  ["update", '{"cidr":"10.0.0.0/8"}', "spec.cidr: is not a field"],
  ["update", '{"nodeSelector":"zone = 1"}', "spec.nodeSelector: is not a Calico selector"],
  ["update", '{"disabled":"yes"}', "spec.disabled: "],
  ["update", '{"disabled":true,"disabled":false}', "spec: is not JSON"],
] as const)("action=%s with %s is refused", (action, spec, words) => {
  const query = spec === undefined ? { action } : { action, spec };
  expect(() => impactChange(inventory, "main", query)).toThrow(
    expect.objectContaining({ status: 422, code: "invalid-parameter" }),
  );
  expect(() => impactChange(inventory, "main", query)).toThrow(words);
});

test("pods that ask for their address are told of, and are no pods of selectors", async () => {
  const exact = inventoryOf({
    pools: [poolObject("main", "10.0.0.0/20"), poolObject("spare", "10.9.0.0/20")],
    blocks: [
      blockObject("10.0.0.0/26", {
        node: "n1",
        holders: [
          { pod: "a/exact", node: "n1" },
          { pod: "a/auto", node: "n1" },
        ],
      }),
    ],
    nodes: [nodeObject("n1")],
    namespaces: [namespaceObject("a")],
    pods: [
      podObject("a/exact", {
        ips: ["10.0.0.0"],
        annotations: { "cni.projectcalico.org/ipAddrs": '["10.0.0.0"]' },
      }),
      podObject("a/auto", { ips: ["10.0.0.1"] }),
    ],
  });
  const { statements } = await readPoolImpact(exact, "main", "disable");
  const lines = (statements as readonly ImpactStatement[] as Parameters<typeof inWords>[0][]).map(inWords);
  expect(lines).toEqual([
    expect.stringMatching(/^fails PodTemplate unknown/),
    expect.stringMatching(
      /^fails Pod a\/exact \[1\]: asks for 10\.0\.0\.0; a new one waits with: error getting IP from IPAM: The provided IP address is not in a configured pool/,
    ),
    expect.stringMatching(
      /^capacity .* Of the 2 pods that run here 1 gets none of them; the other one fits in\.$/,
    ),
    expect.stringMatching(/^unchanged IPPool main \[2\]/),
    expect.stringMatching(
      /^unchanged Pods main \[2\]: 2 pods run on it: 1 by an address that they ask for, 1 by selectors alone\.$/,
    ),
  ]);
});
