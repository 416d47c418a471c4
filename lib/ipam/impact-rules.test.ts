import { expect, test } from "vitest";
import { attribute, newBlock, takeFromBlock } from "./block-ops.ts";
import { emptyCidrSet } from "./cidr-set.ts";
import { parseCidr } from "./cidr.ts";
import type { ImpactInput } from "./impact.ts";
import {
  external,
  impact,
  internal,
  inWords,
  know,
  missing,
  namespace,
  noBlocks,
  node,
  standard,
  tunnel,
} from "./impact-testing.ts";
import type { ImpactPinned } from "./impact-assignment.ts";
import type { TunnelIpam } from "./impact-tunnel-plan.ts";
import type { PodOrigin } from "./impact-unchanged.ts";
import type { AllocatableCondition, Pool } from "./pool.ts";
import { testPool } from "./testing.ts";

/**
 * One row, one rule of Calico's (projectcalico/calico@87c1590) and what a preview has to say by it. `never`: what it must not say.
 */
interface Rule {
  readonly source: string;
  readonly change: Partial<ImpactInput>;
  readonly says: readonly RegExp[];
  readonly never?: readonly RegExp[];
  readonly confirm?: "click" | "typeName";
  /** Of the statements about taking it back; null: there is no way back. */
  readonly undo?: readonly RegExp[] | null;
}

const off: Pool = { ...external, disabled: true };
const on = (pools: readonly Pool[]): Partial<ImpactInput> => ({ pool: external, pools });
const update = (
  spec: ImpactInput["spec"] & object,
  more: Partial<ImpactInput> = {},
): Partial<ImpactInput> => ({
  action: "update",
  spec,
  nodes: know([node("n1")]),
  ...more,
});
const condition = (status: "True" | "False", reason: string): AllocatableCondition => ({
  status,
  reason,
  message: "",
});
const six = (name: string, cidr: string, changes: Partial<Pool> = {}) => testPool(name, cidr, changes);

/** Pods in the namespace web that ask for addresses by themselves. */
const exact = (kind: string, name: string, ipAddrs: string, pods: number): ImpactPinned => ({
  kind,
  namespace: "web",
  name,
  annotations: { 4: null, 6: null },
  ipAddrs,
  pods,
});
const origin = (
  source: PodOrigin["source"],
  where: string,
  pods: number,
  ipv4: string | null = null,
): PodOrigin => ({ source, namespace: where, annotations: { 4: ipv4, 6: null }, ipAddrs: null, pods });
const services = (name: string) =>
  testPool(name, "10.76.0.0/24", { allowedUses: ["LoadBalancer"], natOutgoing: false });
/** Inside the range of external-pool, and younger. */
const young = (disabled: boolean) =>
  testPool("over", "10.64.8.0/21", { createdAt: "2026-08-23T00:00:00Z", vxlanMode: "CrossSubnet", disabled });

/** A node that owns these blocks, with one address in use in each. */
function owning(name: string, ...cidrs: readonly string[]): TunnelIpam {
  const owner = { type: "host" as const, name };
  const blocks = new Map(
    cidrs.map((text) => {
      const fresh = newBlock(parseCidr(text).cidr, owner, noBlocks.now);
      const entry = { attribute: attribute("pod", { pod: "p" }), owner, mustBeOwner: true };
      const taken = takeFromBlock(fresh, 1, entry, emptyCidrSet);
      return [text, taken.ok ? taken.block : fresh];
    }),
  );
  const affinities = cidrs.map((text) => ({
    owner,
    cidr: parseCidr(text).cidr,
    state: "confirmed" as const,
    deleted: false,
    revision: "1",
  }));
  return {
    ...noBlocks,
    block: (cidr) => blocks.get(cidr) ?? null,
    affinities: (one) => (one === name ? affinities : []),
  };
}

const ALLOCATEIP = "node/pkg/allocateip/allocateip.go";
const DETERMINE = "libcalico-go/lib/ipam/ipam.go determinePools";
const CNI = "cni-plugin/pkg/k8s/k8s.go CmdAddK8s";
const CONTROLLER = "kube-controllers/pkg/controllers/ippool/pool_controller.go";
const MASQ = "felix/dataplane/linux/masq_mgr.go";
const L3 = "felix/calc/l3_route_resolver.go";
const ENCAP = "felix/calc/encapsulation_resolver.go";
const MTU = "felix/dataplane/linux/int_dataplane.go";
const BIRD = "node/filesystem/etc/calico/confd/templates/bird_ipam.cfg.template";
const ROUTES = "design/cluster-route-programming/DESIGN.md";

const rules: Readonly<Record<string, Rule>> = {
  "a tunnel address moves at once to the first pool by name that has its encapsulation": {
    source: `${ALLOCATEIP} determineEnabledPoolCIDRs`,
    change: {
      ...on([standard, external, testPool("a-pool", "10.90.0.0/20", { vxlanMode: "Always" })]),
      nodes: know([node("n1", tunnel("10.64.0.0"))]),
    },
    says: [/^moves Node n1 \[null\] 10\.64\.0\.0→a-pool \(10\.90\.\d+\.\d+\): its VXLAN tunnel address/],
    confirm: "click",
    undo: [/^moves Node n1 .*→a-pool .*stays in a-pool: none is ever moved back/],
  },
  "a block that the node owns is used before a new one, whatever the order of pools": {
    source: "libcalico-go/lib/ipam/ipam.go prepareAffinityBlocksForHost",
    change: {
      ...on([standard, external, testPool("z-pool", "10.90.0.0/20", { vxlanMode: "Always" })]),
      nodes: know([node("n1", tunnel("10.64.0.0"))]),
      ipam: know(owning("n1", "10.90.1.64/26")),
    },
    says: [/^moves Node n1 .*→z-pool \(10\.90\.1\.65\)/],
  },
  "without another pool for it the address goes, and with it the VTEP": {
    source: "felix/calc/vxlan_resolver.go",
    change: { ...on([external, internal]), nodes: know([node("n1", tunnel("10.64.0.0"))]) },
    says: [/^removed Node n1 .*VTEP is withdrawn, and in other subnets traffic/],
    confirm: "typeName",
    undo: [/^moves Node n1 .*→external-pool .*gets another VXLAN tunnel address of external-pool/],
  },
  "an IPIP address that goes costs the node's own traffic, not that of pods": {
    source: "felix/dataplane/linux/ipip_mgr.go",
    change: {
      ...on([{ ...external, vxlanMode: "Never", ipipMode: "Always" }, internal]),
      pool: { ...external, vxlanMode: "Never", ipipMode: "Always" },
      nodes: know([node("n1", { tunnels: [{ type: "ipipTunnelAddress", ip: "10.64.0.0" }] })]),
    },
    says: [/^removed Node n1 .*tunl0 has no source address.*from pod to pod is not/],
    confirm: "typeName",
  },
  "WireGuard takes any pool that allows tunnels, encapsulated or not": {
    source: `${ALLOCATEIP} determineEnabledPoolCIDRs`,
    change: {
      ...on([external, internal]),
      nodes: know([
        node("n1", {
          tunnels: [{ type: "wireguardTunnelAddress", ip: "10.64.0.0" }],
          wireguard: { 4: true, 6: false },
        }),
      ]),
    },
    says: [/^moves Node n1 .*→internal-pool \(.*its WireGuard tunnel address/],
  },
  "with host encryption no pool gives WireGuard addresses, so a change of pools moves none": {
    source: "api/pkg/apis/projectcalico/v3/felixconfig.go wireguardHostEncryptionEnabled",
    change: {
      ...on([external, internal]),
      nodes: know([node("n1", { tunnels: [], wireguard: { 4: true, 6: false } })]),
      ipam: know({ ...noBlocks, hostEncryption: true }),
    },
    says: [],
    never: [/WireGuard/],
  },
  "IPv6 tunnels look at IPv6 pools alone": {
    source: `${ALLOCATEIP} determineEnabledPoolCIDRs`,
    change: {
      pool: six("six", "fd00::/112", { vxlanMode: "Always" }),
      pools: [
        standard,
        six("six", "fd00::/112", { vxlanMode: "Always" }),
        six("spare6", "fd01::/112", { vxlanMode: "Always" }),
      ],
      nodes: know([node("n1", { tunnels: [{ type: "vxlanV6TunnelAddress", ip: "fd00::" }] })]),
    },
    says: [/^moves Node n1 \[null\] fd00::→spare6 \(fd01::.*its VXLAN IPv6 tunnel address/],
  },
  "enabling never moves an address back, and gives one to nodes that have none": {
    source: ALLOCATEIP,
    change: {
      action: "enable",
      pool: off,
      pools: [off],
      nodes: know([
        node("n1", { tunnels: [] }),
        node("n2", { tunnels: [{ type: "vxlanTunnelAddress", ip: "10.255.0.1" }] }),
      ]),
    },
    says: [/^moves Node n1 \[null\] →external-pool \(.*gets a VXLAN tunnel address/],
    undo: [],
  },
  "a pass for which there is no room gives everything back and fails": {
    source: `${ALLOCATEIP} ensureHostTunnelAddress`,
    change: {
      ...on([external, testPool("tiny", "10.90.0.0/32", { vxlanMode: "Always", blockSize: 32 })]),
      nodes: know([node("n1", tunnel("10.64.0.0")), node("n2", tunnel("10.64.0.64"))]),
    },
    says: [
      /^moves Node n1 .*→tiny: .*\(unknown: there is too little room in tiny/,
      /^removed Node n2 .*No IPs available in pools: \[10\.90\.0\.0\/32\]/,
    ],
    confirm: "typeName",
  },
  "two nodes that start at the same block: the pool is certain, who gets which address is not": {
    source: "libcalico-go/lib/ipam/ipam_block_reader_writer.go randomBlockGenerator",
    change: {
      ...on([external, testPool("two", "10.90.0.0/25", { vxlanMode: "Always" })]),
      nodes: know(["n1", "n2"].map((name, at) => node(name, tunnel(`10.64.0.${at * 64}`)))),
    },
    says: [/^moves Node n1 .*→two( \(|:)/, /^moves Node n2 .*→two( \(|:)/],
    never: [/unknown/],
  },
  "no use for tunnels is as good as disabled for them": {
    source: `${ALLOCATEIP} determineEnabledPoolCIDRs`,
    change: update({ allowedUses: ["Workload"] }, { nodes: know([node("n1", tunnel("10.64.0.0"))]) }),
    says: [/^moves Node n1 .*→default-ipv4-ippool/],
    never: [/^(fails|capacity)/],
  },
  "no uses at all are the default ones": {
    source: "libcalico-go/lib/clientv3/ippool.go convertIpPoolFromStorage",
    change: update({ allowedUses: [] }),
    says: [/^unchanged IPPool external-pool \[null\]: Nothing changes/],
    undo: [],
  },
  "a node that is no longer selected loses its tunnel address there": {
    source: `${ALLOCATEIP} determineEnabledPoolCIDRs`,
    change: update({ nodeSelector: "has(gpu)" }, { nodes: know([node("n1", tunnel("10.64.0.0"))]) }),
    says: [/^moves Node n1 .*→default-ipv4-ippool/],
    undo: [/stays in default-ipv4-ippool/],
  },
  "blocks of a node that is no longer selected go once they are empty": {
    source: "libcalico-go/lib/ipam/ipam.go ensureConsistentAffinity",
    change: update(
      { nodeSelector: "has(gpu)" },
      {
        nodes: know([node("n1"), node("g", { labels: { gpu: "" } })]),
        ipam: know(owning("n1", "10.64.1.0/26", "10.64.1.64/26")),
      },
    ),
    says: [
      /^poolState IPPool external-pool \[1\]: no longer selects 1 node \(n1\): .*their 2 blocks are given up once empty/,
    ],
  },
  "a wider selector takes nodes in": {
    source: DETERMINE,
    change: update(
      { nodeSelector: "all()" },
      {
        pool: { ...external, nodeSelector: "has(gpu)" },
        pools: [standard, { ...external, nodeSelector: "has(gpu)" }],
      },
    ),
    says: [/^poolState IPPool external-pool \[1\]: selects 1 more node \(n1\)/],
    confirm: "click",
  },
  "a selector that matches no node leaves a pool that gives nothing": {
    source: DETERMINE,
    change: update({ nodeSelector: "has(gpu)" }),
    says: [
      /^poolState IPPool external-pool \[null\] OK→NoEligibleNode: gives no addresses\. Its node selector matches 0 of 1 nodes/,
    ],
  },
  "a selector that cannot be read fails every pod that names no pool": {
    source: DETERMINE,
    change: update({ nodeSelector: "zone = 'a'" }, { namespaces: know([namespace("default", null, 4)]) }),
    says: [
      /^noPool Namespace default \[4\]: .*expected ==/,
      /^poolState IPPool external-pool .*→NoEligibleNode/,
    ],
    confirm: "typeName",
  },
  "a node for which no automatic pool is left": {
    source: DETERMINE,
    change: update(
      { nodeSelector: "has(gpu)" },
      {
        pools: [external, { ...standard, nodeSelector: "has(gpu)" }],
        nodes: know([node("n1"), node("g", { labels: { gpu: "" } })]),
      },
    ),
    says: [/^noPool Node n1 \[null\]: no automatic IPv4 pool is left for its pods/],
    never: [/^noPool Node g/],
    confirm: "typeName",
  },
  "a node that keeps a pool only for some namespaces": {
    source: DETERMINE,
    change: {
      ...on([
        external,
        { ...standard, namespaceSelector: "team == 'a'" },
        { ...internal, nodeSelector: "has(gpu)" },
      ]),
      nodes: know([node("n1"), node("g", { labels: { gpu: "" } })]),
      namespaces: know([namespace("a", null, 1, { team: "a" }), namespace("b", null, 1)]),
    },
    says: [/^noPool Node n1 \[null\]: no automatic IPv4 pool is left there for pods of 1 namespace \(b\)/],
    never: [/^noPool Namespace/, /^noPool Node g/],
  },
  "an annotation overrides selectors: all that it names must be there": {
    source: CNI,
    change: { namespaces: know([namespace("edge", '["external-pool","internal-pool"]', 7)]) },
    says: [
      /^fails Namespace edge \[7\]: names internal-pool too, which does not help; .*the given pool \(10\.64\.0\.0\/20\)/,
    ],
    confirm: "click",
  },
  "node selectors do not matter to pods that name the pool": {
    source: DETERMINE,
    change: update(
      { nodeSelector: "has(gpu)" },
      { namespaces: know([namespace("ns", '["external-pool"]', 7)]) },
    ),
    says: [],
    never: [/^fails/],
  },
  "nor does the assignment mode": {
    source: DETERMINE,
    change: update(
      { assignmentMode: "Manual" },
      { namespaces: know([namespace("ns", '["external-pool"]', 7), namespace("free", null, 2)]) },
    ),
    says: [
      /^poolState IPPool external-pool \[1\]: gives 1 namespace \(free\) no longer any address/,
      /^capacity IPPool external-pool/,
    ],
    never: [/^fails/],
  },
  "the use does: a pool for tunnels alone fails pods that name it": {
    source: DETERMINE,
    change: update(
      { allowedUses: ["Tunnel"] },
      { namespaces: know([namespace("ns", '["external-pool"]', 7)]) },
    ),
    says: [/^fails Namespace ns \[7\]: .*no pools match the required use \(Workload\)/],
  },
  "a pod's own annotation counts, not its namespace's": {
    source: CNI,
    change: {
      namespaces: know([namespace("shop", '["internal-pool"]', 0)]),
      pinnedPods: know([
        {
          kind: "Pod",
          namespace: "shop",
          name: "web",
          annotations: { 4: '["external-pool"]', 6: null },
          ipAddrs: null,
          pods: 1,
        },
      ]),
    },
    says: [/^fails Pod shop\/web \[1\]: names external-pool only; a new one waits/],
    never: [/^fails Namespace/],
  },
  "pods that name it are the least where templates cannot be read": {
    source: CNI,
    change: {
      pinnedPods: know([
        {
          kind: "Pod",
          namespace: "shop",
          name: "web",
          annotations: { 4: '["external-pool"]', 6: null },
          ipAddrs: null,
          pods: 1,
        },
      ]),
      templates: missing("may not list deployments"),
    },
    says: [/^fails Pod shop\/web \[1\]: .*\(atLeast: .*may not list deployments\)/],
  },
  "pools that the CNI configuration names are those of every pod without an annotation": {
    source: "cni-plugin/pkg/ipamplugin/ipam_plugin.go",
    change: {
      cniPools: { 4: ["external-pool"], 6: [] },
      namespaces: know([namespace("default", null, 4), namespace("own", "[]", 2)]),
    },
    says: [/^fails Namespace default \[4\]: the CNI configuration names external-pool only/],
    never: [/^fails Namespace own/, /^noPool Node/],
  },
  "a namespace that only this pool selects": {
    source: "libcalico-go/lib/ipam/pools.go SelectsNamespace",
    change: {
      ...on([external, { ...standard, namespaceSelector: "team == 'a'" }, { ...internal, disabled: true }]),
      namespaces: know([namespace("a", null, 1, { team: "a" }), namespace("b", null, 5)]),
    },
    says: [/^noPool Namespace b \[5\]: no pool is left that it selects; .*no configured Calico pools/],
    never: [/Namespace a /],
    confirm: "typeName",
  },
  "a namespace selector moves namespaces to other pools": {
    source: DETERMINE,
    change: update(
      { namespaceSelector: "team == 'a'", allowedUses: ["Workload"] },
      { namespaces: know([namespace("a", null, 1, { team: "a" }), namespace("b", null, 5)]) },
    ),
    says: [
      /^poolState IPPool external-pool \[1\]: selects 1 namespace \(b\) no longer: new pods there get one from other pools/,
    ],
    never: [/^noPool/],
  },
  "the last pool of a family": {
    source: "cni-plugin/pkg/ipamplugin/ipam_plugin.go",
    change: {
      ...on([external, { ...internal, disabled: true }]),
      namespaces: know([namespace("default", null, 4)]),
    },
    says: [
      /^noPool Namespace default \[4\]: .*cannot find a qualified ippool/,
      /^capacity .*No other automatic IPv4 pool/,
    ],
    confirm: "typeName",
  },
  "free addresses of a pool that no node may use help nobody": {
    source: DETERMINE,
    change: on([{ ...standard, nodeSelector: "has(gpu)" }, external, internal]),
    says: [
      /^capacity IPPool external-pool \[3408\]: 3,408 addresses .*: internal-pool 3,408 \(53 blocks to claim\)\. The 409 pods that run here fit in/,
    ],
  },
  "too little room for all that run there": {
    source: "libcalico-go/lib/ipam/ipam.go autoAssign",
    change: {
      room: know(
        new Map([
          ["default-ipv4-ippool", { free: 100n, blocksLeft: 0n, pods: 0n }],
          ["internal-pool", { free: 9n, blocksLeft: 0n, pods: 0n }],
        ]),
      ),
    },
    says: [
      /^capacity .*\[109\]: .*default-ipv4-ippool 100 \(no block to claim\).*Only 109 of the 409 pods that run here can restart/,
    ],
  },
  "the controller makes the loser of an overlap allocatable, and undo does not take that back": {
    source: CONTROLLER,
    change: {
      hasController: true,
      nodes: know([]),
      pool: { ...external, allocatable: condition("True", "OK") },
      pools: [
        { ...external, allocatable: condition("True", "OK") },
        testPool("inner", "10.64.8.0/22", { allocatable: condition("False", "CIDROverlap") }),
      ],
    },
    says: [/^poolState IPPool inner \[null\] CIDROverlap→OK: .*starts giving addresses/],
    undo: [
      /^poolState IPPool external-pool .*stays at CIDROverlap: inner has the range/,
      /^poolState IPPool inner .*keeps the range/,
    ],
  },
  "without a controller the older pool has its place back": {
    source: CONTROLLER,
    change: {
      nodes: know([]),
      ...on([external, testPool("inner", "10.64.8.0/22", { createdAt: "2026-08-23T00:00:00Z" })]),
    },
    says: [/^poolState IPPool inner \[null\] CIDROverlap→OK/],
    undo: [],
  },
  "enabling does not win a range back": {
    source: CONTROLLER,
    change: {
      hasController: true,
      action: "enable",
      pool: { ...off, allocatable: condition("False", "PoolDisabled") },
      pools: [
        { ...off, allocatable: condition("False", "PoolDisabled") },
        testPool("inner", "10.64.8.0/22", { allocatable: condition("True", "OK") }),
      ],
    },
    says: [
      /^poolState IPPool external-pool \[null\] PoolDisabled→CIDROverlap: does not get its range back: inner has it/,
    ],
    never: [/^capacity/],
  },
  "a pool smaller than its blocks gives nothing when it is enabled": {
    source: "libcalico-go/lib/ipam/ipam_block_reader_writer.go",
    change: {
      action: "enable",
      pool: { ...off, blockSize: 18 },
      pools: [standard, { ...off, blockSize: 18 }],
    },
    says: [
      /^poolState IPPool external-pool .*→NoEligibleNode: gives no addresses\. It is smaller than one of its blocks/,
    ],
  },
  "a deleted pool takes its addresses out of NAT and tunnels": {
    source: `${L3}, ${MASQ}`,
    change: { action: "delete" },
    says: [
      /^removed IPPool external-pool \[409\]: .*keep their own source, other nodes lose the tunnel to them/,
    ],
    confirm: "typeName",
    undo: null,
  },
  "one that the controller holds keeps all of it until the last address": {
    source: CONTROLLER,
    change: { action: "delete", hasController: true, isHeldWhileUsed: true },
    says: [/^poolState IPPool external-pool \[409\] →Terminating: stays at Terminating/],
    never: [/^removed/],
    confirm: "typeName",
    undo: null,
  },
  "disabling a pool that waits for its end ends it: its finalizer is taken away": {
    source: `${CONTROLLER} reconcileFinalizer`,
    change: {
      hasController: true,
      pool: { ...external, deleting: true, allocatable: condition("False", "Terminating") },
      pools: [standard, { ...external, deleting: true, allocatable: condition("False", "Terminating") }],
    },
    says: [
      /^removed IPPool external-pool \[409\]: is being deleted, and goes at once .*Addresses in use lose their pool, and its blocks go with their last address\.$/,
      /^unchanged IPPool external-pool \[409\]: 409 pods keep their addresses until they end\.$/,
    ],
    never: [/routes, NAT/],
    confirm: "typeName",
    undo: null,
  },
  "and so without an address in use: there is no way back to it": {
    source: `${CONTROLLER} reconcileFinalizer`,
    change: {
      hasController: true,
      pool: { ...external, deleting: true },
      pools: [standard, { ...external, deleting: true }],
      use: know({ inUse: 0n, pods: 0n, tunnels: 0n, blocks: 2n }),
    },
    says: [/^removed IPPool external-pool \[0\]: .*nothing holds it then\.$/],
    never: [/lose their pool/],
    confirm: "typeName",
    undo: null,
  },
  "a pod that asks for an address needs an enabled pool around it": {
    source: "libcalico-go/lib/ipam/ipam.go AssignIP",
    change: {
      pinnedPods: know([
        exact("Pod", "exact", '["10.64.0.150"]', 1),
        exact("Pod", "other", '["10.255.3.3"]', 1),
      ]),
      templates: know([exact("StatefulSet", "db", '["10.64.0.151"]', 2)]),
    },
    says: [
      /^fails StatefulSet web\/db \[2\]: asks for 10\.64\.0\.151; new pods wait with: error getting IP from IPAM: The provided IP address is not in a configured pool$/,
      /^fails Pod web\/exact \[1\]: asks for 10\.64\.0\.150; a new one waits with/,
    ],
    never: [/web\/other/],
    confirm: "click",
  },
  "a pod is counted with the template that it comes from": {
    source: "libcalico-go/lib/ipam/ipam.go AssignIP",
    change: {
      pinnedPods: know([exact("Pod", "db-0", '["10.64.0.151"]', 1)]),
      templates: know([exact("StatefulSet", "db", '["10.64.0.151"]', 1)]),
    },
    says: [/^fails StatefulSet web\/db/],
    never: [/^fails Pod/],
  },
  "neither selectors nor the pools that its namespace names matter to it": {
    source: CNI,
    change: update(
      { nodeSelector: "has(gpu)", namespaceSelector: "team == 'a'" },
      { pinnedPods: know([exact("Pod", "exact", '["10.64.0.150"]', 1)]) },
    ),
    says: [],
    never: [/^fails/],
  },
  "the use does": {
    source: "libcalico-go/lib/ipam/ipam.go AssignIP",
    change: update(
      { allowedUses: ["Tunnel"] },
      { pinnedPods: know([exact("Pod", "exact", '["10.64.0.150"]', 1)]) },
    ),
    says: [/^fails Pod web\/exact \[1\]: .*which is not allowed for use "Workload"/],
  },
  "and an overlapping pool gives it all the same": {
    source: "libcalico-go/lib/ipam/ipam.go AssignIP",
    change: {
      ...on([standard, external, testPool("wide", "10.64.0.0/16")]),
      pinnedPods: know([exact("Pod", "exact", '["10.64.0.150"]', 1)]),
    },
    says: [],
    never: [/^fails/],
  },
  "an address that cannot be read fails before and after": {
    source: CNI,
    change: {
      pinnedPods: know([
        exact("Pod", "text", "10.64.0.150", 1),
        exact("Pod", "two", '["10.64.0.1","10.64.0.2"]', 1),
        exact("Pod", "none", "[]", 1),
        exact("Pod", "bad", '["10.64.0"]', 1),
      ]),
    },
    says: [],
    never: [/^fails/],
  },
  "pods that ask for the pool do not fit into others": {
    source: DETERMINE,
    change: {
      namespaces: know([namespace("external-ns", '["external-pool"]', 400), namespace("free", null, 9)]),
      origins: know([
        origin("namespace", "external-ns", 400, '["external-pool"]'),
        origin("automatic", "free", 8),
        { ...origin("exact", "free", 1), ipAddrs: '["10.64.0.150"]' },
      ]),
    },
    says: [
      /^capacity .*Of the 409 pods that run here 401 get none of them; the other 8 fit in\.$/,
      /^unchanged Pods external-pool \[409\]: 409 pods run on it: 1 by an address that they ask for, 400 by the annotation of their namespace, 8 by selectors alone/,
    ],
  },
  "and where all of them do, no room is for them": {
    source: DETERMINE,
    change: {
      namespaces: know([namespace("external-ns", '["external-pool"]', 409)]),
      origins: know([origin("namespace", "external-ns", 409, '["external-pool"]')]),
    },
    says: [/^capacity .* None of them is for the 409 pods that run here\.$/],
    never: [/fit in/],
  },
  "and where there is too little, only so many of the rest can restart": {
    source: "libcalico-go/lib/ipam/ipam.go autoAssign",
    change: {
      ...on([internal, external]),
      room: know(new Map([["internal-pool", { free: 3n, blocksLeft: 0n, pods: 0n }]])),
      namespaces: know([namespace("external-ns", '["external-pool"]', 400), namespace("free", null, 9)]),
      origins: know([
        origin("namespace", "external-ns", 400, '["external-pool"]'),
        origin("automatic", "free", 9),
      ]),
    },
    says: [/^capacity .*400 get none of them; only 3 of the other 9 can restart\.$/],
  },
  "what lies in two pools is free once": {
    source: DETERMINE,
    change: {
      ...on([standard, external, testPool("inner", "10.255.8.0/22"), testPool("z-twin", "10.255.0.0/16")]),
      room: know(
        new Map([
          ["default-ipv4-ippool", { free: 38014n, blocksLeft: 594n, pods: 12n }],
          ["inner", { free: 1000n, blocksLeft: 15n, pods: 0n }],
          ["z-twin", { free: 38014n, blocksLeft: 594n, pods: 12n }],
        ]),
      ),
    },
    says: [
      /^capacity IPPool external-pool \[38014\]: 38,014 addresses .* Ranges that overlap count once\. The 409/,
    ],
  },
  "unread pods are not promised a place": {
    source: DETERMINE,
    change: { origins: missing("may not list pods") },
    says: [/^capacity .* The 409 pods that run here fit in, as far as they name no pool\.$/],
  },
  "a pool for Services is missed by Services": {
    source: "kube-controllers/pkg/controllers/loadbalancer/loadbalancer_controller.go",
    change: { pool: services("lb"), pools: [standard, services("lb")] },
    says: [
      /^capacity IPPool lb \[0\]: No other IPv4 pool gives addresses to LoadBalancer Services: new ones get none\.$/,
    ],
    never: [/automatic/, /^noPool/],
  },
  "or by none of them": {
    source: "kube-controllers/pkg/controllers/loadbalancer/loadbalancer_controller.go",
    change: {
      pool: services("lb"),
      pools: [standard, services("lb"), testPool("lb2", "10.77.0.0/24", { allowedUses: ["LoadBalancer"] })],
      room: know(new Map([["lb2", { free: 250n, blocksLeft: 3n, pods: 0n }]])),
    },
    says: [/^capacity IPPool lb \[250\]: 250 addresses stay free for LoadBalancer Services in lb2\.$/],
  },
  "an update that moves tunnels leaves the rest with its holders": {
    source: ALLOCATEIP,
    change: update(
      { vxlanMode: "Never" },
      {
        nodes: know([node("n1", tunnel("10.64.0.0"))]),
        use: know({ inUse: 8n, pods: 7n, tunnels: 1n, blocks: 2n }),
      },
    ),
    says: [
      /^moves Node n1/,
      /^unchanged IPPool external-pool \[7\]: The 7 addresses in use, tunnels aside, stay with their holders, and no pod restarts\. Their NAT stays as it is\.$/,
    ],
  },
  "one that moves none leaves all": {
    source: ALLOCATEIP,
    change: update(
      { natOutgoing: false },
      {
        nodes: know([node("n1", tunnel("10.64.0.0"))]),
        use: know({ inUse: 8n, pods: 7n, tunnels: 1n, blocks: 2n }),
      },
    ),
    says: [
      /^unchanged IPPool external-pool \[8\]: The 8 addresses in use stay .*Their routes and encapsulation stay as they are\.$/,
    ],
  },
  "disabled and changed in one go, only what is not changed stays": {
    source: "libcalico-go/lib/backend/syncersv1/updateprocessors/ippoolprocessor.go",
    change: update({ disabled: true, natOutgoing: false }),
    says: [
      /^unchanged .*: The 409 addresses in use, their routes and encapsulation, and the 26 claimed blocks\. Addresses/,
    ],
  },
  "and of the way to them nothing, where all of it changes": {
    source: "libcalico-go/lib/backend/syncersv1/updateprocessors/ippoolprocessor.go",
    change: update({ disabled: true, natOutgoing: false, vxlanMode: "Never" }),
    says: [/^unchanged .*: The 409 addresses in use and the 26 claimed blocks\. Addresses/],
  },
  "tunnels of nodes that cannot be read may go: that asks for the name": {
    source: ALLOCATEIP,
    change: { nodes: missing("may not list nodes") },
    says: [/^moves Node unknown .*\(unknown: may not list nodes\)/],
    confirm: "typeName",
  },
  "without a controller two pools of one range both give addresses": {
    source: CONTROLLER,
    change: {
      action: "enable",
      pool: young(true),
      pools: [external, young(true)],
      room: know(new Map([["over", { free: 2041n, blocksLeft: 30n, pods: 5n }]])),
    },
    says: [
      /^poolState IPPool over .*: overlaps external-pool, and both give addresses/,
      /^capacity IPPool over \[2041\]: over adds 2,041/,
      /^unchanged IPPool over .*Pods that wait for an address get one/,
    ],
    never: [/does not get its range back/],
  },
  "with one, nobody that waits gets an address of the loser": {
    source: CONTROLLER,
    change: {
      hasController: true,
      action: "enable",
      pool: { ...young(true), allocatable: condition("False", "PoolDisabled") },
      pools: [
        { ...external, allocatable: condition("True", "OK") },
        { ...young(true), allocatable: condition("False", "PoolDisabled") },
      ],
    },
    says: [
      /^poolState IPPool over .*does not get its range back/,
      /^unchanged IPPool over .*: Pods that run keep their addresses\. Tunnel addresses/,
    ],
    never: [/Pods that wait/],
  },
  "a VTEP that nobody's traffic needs": {
    source: L3,
    change: update(
      { vxlanMode: "Never", ipipMode: "Always" },
      {
        pools: [external, { ...standard, allowedUses: ["Workload"] }],
        nodes: know([node("n1", tunnel("10.64.0.0"))]),
        room: know(
          new Map([
            ["default-ipv4-ippool", { free: 38014n, blocksLeft: 594n, pods: 0n }],
            ["external-pool", { free: 3620n, blocksLeft: 38n, pods: 409n }],
          ]),
        ),
      },
    ),
    says: [
      /^removed Node n1 .*its VTEP is withdrawn; no pod has an address of a pool with VXLAN, so no traffic is lost now$/,
    ],
    never: [/traffic between its pods/],
  },
  "the last automatic pool leaves every node that it selects without one": {
    source: DETERMINE,
    change: {
      ...on([{ ...external, nodeSelector: "has(gpu)" }]),
      pool: { ...external, nodeSelector: "has(gpu)" },
      nodes: know([node("n1"), node("g", { labels: { gpu: "" } })]),
    },
    says: [/^noPool Node g \[null\]: no automatic IPv4 pool is left for its pods/],
    never: [/^noPool Node n1/],
    confirm: "typeName",
  },
  "SNAT ends per connection, and not between pools": {
    source: `felix/rules/nat.go, ${MASQ}`,
    change: update({ natOutgoing: false }),
    says: [
      /^removed IPPool external-pool \[409\]: .*keep their own source, each from its next connection on.*any pool, disabled ones too, are not rewritten/,
    ],
    never: [/routes and encapsulation.*NAT/],
    confirm: "typeName",
    undo: [],
  },
  "SNAT begins": {
    source: `felix/rules/nat.go, ${MASQ}`,
    change: update(
      { natOutgoing: true },
      { pool: { ...external, natOutgoing: false }, pools: [{ ...external, natOutgoing: false }] },
    ),
    says: [/^poolState IPPool external-pool \[409\]: .*get the address of their node as their source/],
    confirm: "click",
  },
  "SNAT of a pool without addresses breaks nothing": {
    source: MASQ,
    change: update({ natOutgoing: false }, { use: know({ inUse: 0n, pods: 0n, tunnels: 0n, blocks: 0n }) }),
    says: [/^poolState IPPool external-pool \[0\]: no longer rewrites/],
    never: [/^removed/],
    confirm: "click",
  },
  "export off: routes that BIRD programs between nodes go, too": {
    source: BIRD,
    change: update({ disableBGPExport: true }, { pool: internal }),
    says: [
      /^removed IPPool internal-pool \[409\]: no BGP peer is told .*other nodes lose the way to the 409 addresses/,
    ],
    confirm: "typeName",
  },
  "export off: Felix programs those of VXLAN pools": {
    source: ROUTES,
    change: update({ disableBGPExport: true }),
    says: [
      /^poolState IPPool external-pool \[409\]: .*Felix programs the routes between the nodes, and those stay/,
    ],
    confirm: "click",
  },
  "export off: who programs those of IPIP pools depends on the version": {
    source: ROUTES,
    change: update(
      { disableBGPExport: true },
      {
        pool: { ...external, vxlanMode: "Never", ipipMode: "Always" },
        pools: [standard, { ...external, vxlanMode: "Never", ipipMode: "Always" }],
        felix: know({ ipipRoutes: null, hasMtu: false }),
      },
    ),
    says: [/^removed .*\(unknown: the version of Calico that decides/],
  },
  "export on": {
    source: BIRD,
    change: update({ disableBGPExport: false }, { pool: { ...external, disableBGPExport: true } }),
    says: [
      /^poolState IPPool external-pool \[409\]: nodes tell their BGP peers the routes to its blocks again/,
    ],
    confirm: "click",
  },
  "the pool of the destination decides about encapsulation": {
    source: L3,
    change: update({ vxlanMode: "Always" }),
    says: [
      /^poolState IPPool external-pool \[409\]: .*change from VXLAN \(CrossSubnet\) to VXLAN \(Always\)/,
    ],
    never: [/Felix restarts/, /^moves/],
  },
  "without a tunnel it takes routes that somebody else has": {
    source: L3,
    change: update({ vxlanMode: "Never" }),
    says: [
      /^removed IPPool external-pool \[409\]: .*to no encapsulation.*\(unknown: whether the nodes speak BGP/,
    ],
    confirm: "typeName",
  },
  "other tunnels: one address goes, another comes, Felix restarts": {
    source: `${ENCAP}, ${ALLOCATEIP}`,
    change: update(
      { vxlanMode: "Never", ipipMode: "Always" },
      { pools: [external, internal], nodes: know([node("n1", tunnel("10.64.0.0"))]) },
    ),
    says: [
      /^moves Node n1 \[null\] →external-pool \(.*gets an IPIP tunnel address/,
      /^removed Node n1 .*VXLAN tunnel address goes: no pool has VXLAN any more/,
      /^poolState .*IPIP begins and VXLAN ends, as no other pool uses it: Felix restarts on every node\. New pods get an MTU 30 bytes larger/,
    ],
    confirm: "typeName",
  },
  "a disabled pool goes on enabling its encapsulation": {
    source: ENCAP,
    change: update({ vxlanMode: "Never" }, { pools: [{ ...standard, disabled: true }, external, internal] }),
    says: [],
    never: [/Felix restarts/, /MTU/],
  },
  "the largest overhead of the cluster decides about the MTU": {
    source: MTU,
    change: update(
      { vxlanMode: "Never" },
      {
        pools: [external, internal],
        nodes: know([node("w", { tunnels: [], wireguard: { 4: true, 6: false } })]),
      },
    ),
    says: [/VXLAN ends, as no other pool uses it: Felix restarts on every node\.$/],
    never: [/MTU/],
  },
  "unless one is configured": {
    source: MTU,
    change: update(
      { vxlanMode: "Never" },
      { pools: [external, internal], felix: know({ ipipRoutes: "Felix", hasMtu: true }) },
    ),
    says: [/Felix restarts on every node\. The MTU is the configured one\./],
  },
  "a pool for Services alone is no destination that is spared SNAT": {
    source: MASQ,
    change: update({ allowedUses: ["LoadBalancer"] }, { pool: internal }),
    says: [/^removed IPPool internal-pool \[409\]: counts as a pool for nobody but Services/],
  },
  "nothing that Felix and BIRD get of a pool tells them that it is disabled": {
    source: "libcalico-go/lib/backend/syncersv1/updateprocessors/ippoolprocessor.go",
    change: { action: "disable" },
    says: [
      /^unchanged IPPool external-pool \[409\]: The 409 addresses in use, their routes, NAT and encapsulation, and the 26 claimed blocks/,
    ],
    confirm: "click",
    undo: [],
  },
};

test.each(Object.entries(rules))("%s", (_, { source, change, says, never = [], confirm, undo }) => {
  expect(source).toMatch(/\.(go|md|template)/);
  const found = impact(change);
  const told = found.statements.map(inWords);
  for (const pattern of says)
    expect(
      told.some((line) => pattern.test(line)),
      `${pattern} in\n${told.join("\n")}`,
    ).toBe(true);
  for (const pattern of never) expect(told.filter((line) => pattern.test(line))).toEqual([]);
  if (confirm !== undefined) expect(found.confirm).toBe(confirm);
  if (undo === null) expect(found.undo).toBeNull();
  else if (undo !== undefined) {
    const back = (found.undo ?? []).map(inWords);
    expect(back).toHaveLength(undo.length);
    for (const pattern of undo)
      expect(
        back.some((line) => pattern.test(line)),
        `${pattern} in\n${back.join("\n")}`,
      ).toBe(true);
  }
});

test("there are enough of them", () => {
  expect(Object.keys(rules).length).toBeGreaterThanOrEqual(40);
});
