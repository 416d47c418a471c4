import { overlap, type RawBlock, type RawPool, rangeOf } from "./calicoctl-count.ts";

/**
 * `calicoctl ipam check` of ≥ 3.33 without flags, from the raw objects, by the plainest means and in its own order: the peer
 * of the bench. What it prints is held against what calicoctl printed of recorded clusters.
 */

export interface RawNode {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}
export interface RawPod {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: unknown;
  };
  readonly spec?: { readonly nodeName?: string; readonly hostNetwork?: boolean };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip: string }[];
  };
}
export interface RawService {
  readonly spec?: { readonly type?: string; readonly loadBalancerClass?: string };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}
export interface RawHandle {
  readonly spec: { readonly handleID: string };
}

export interface CheckedCluster {
  readonly blocks: readonly RawBlock[];
  readonly pools: readonly RawPool[];
  readonly nodes: readonly RawNode[];
  /** Null: Calico gives load balancers no addresses here. */
  readonly services: readonly RawService[] | null;
  readonly pods: readonly RawPod[];
  readonly handles: readonly RawHandle[];
}

interface Allocation {
  readonly handle: string | null;
  readonly node: string;
  readonly cooling: boolean;
}

const tunnels = ["IPv4VXLANTunnelAddr", "IPv4WireguardInterfaceAddr", "IPv4IPIPTunnelAddr"];
const windows = "windows-reserved-ipam-handle";

export function printCheck(cluster: CheckedCluster): string {
  const lines = ["Checking IPAM for inconsistencies...", ""];
  const allocations = allocationsOf(cluster.blocks);
  const recorded = [...allocations.values()].flat();
  lines.push("Loading all IPAM blocks...", `Found ${cluster.blocks.length} IPAM blocks.`);
  for (const { spec } of cluster.blocks)
    lines.push(` IPAM block ${spec.cidr} affinity=${spec.affinity || "<none>"}:`);
  lines.push(`IPAM blocks record ${recorded.length} allocations.`, "");

  const active = cluster.pools.filter(({ spec }) => spec.disabled !== true);
  lines.push("Loading all IPAM pools...", ...active.map(({ spec }) => `  ${spec.cidr}`));
  lines.push(`Found ${active.length} active IP pools.`, "");

  const inUse = new Set<string>();
  const use = (addresses: readonly string[]) => addresses.forEach((address) => inUse.add(address));
  const ofNodes = cluster.nodes.flatMap(tunnelsOf);
  use(ofNodes);
  lines.push("Loading all nodes.", `Found ${ofNodes.length} node tunnel IPs.`, "");
  lines.push("Loading all service load balancer IPs.");
  const ofServices = cluster.services?.flatMap(balancerOf) ?? null;
  use(ofServices ?? []);
  lines.push(
    ofServices === null
      ? "No configuration for LoadBalancer kubecontroller found, skipping service check"
      : `Found ${ofServices.length} service load balancer(s).`,
    "",
  );
  const ofPods = cluster.pods.flatMap(addressesOf);
  use(ofPods);
  for (const [address, owners] of allocations)
    if (owners.some(({ handle }) => handle === windows)) inUse.add(address);
  lines.push("Loading all workload endpoints.", `Found ${ofPods.length} workload IPs.`);
  lines.push(`Workloads and nodes are using ${inUse.size} IPs.`, "");

  lines.push("Loading all handles", "Looking for top (up to 20) nodes by allocations...");
  const perNode = countedBy(recorded.map(({ node }) => node));
  for (const [node, count] of perNode.slice(0, 20)) lines.push(`  ${node} has ${count} allocations`);
  const most = perNode[0]?.[1];
  if (most !== undefined) {
    const median = perNode[Math.floor(perNode.length / 2)]?.[1] ?? 0;
    lines.push(`Node with most allocations has ${most}; median is ${median}`);
  }

  const leaked = [...allocations].filter(
    ([address, owners]) => !inUse.has(address) && !owners.some(({ cooling }) => cooling),
  ).length;
  lines.push("", "Scanning for IPs that are allocated but not actually in use...");
  lines.push(`Found ${leaked} IPs that are allocated in IPAM but not actually in use.`);
  const ranges = active.map(({ spec }) => rangeOf(spec.cidr));
  const unallocated = [...inUse].filter((address) => !allocations.has(address));
  const inPools = unallocated.filter((address) => ranges.some((range) => overlap(range, rangeOf(address))));
  const outside = unallocated.length - inPools.length;
  lines.push("Scanning for IPs that are in use by a workload or node but not allocated in IPAM...");
  lines.push(`Found ${outside} in-use IPs that are not in active IP pools.`);
  lines.push(
    `Found ${inPools.length} in-use IPs that are in active IP pools but have no corresponding IPAM allocation.`,
  );

  const mentioned = new Set(recorded.flatMap(({ handle }) => handle ?? []));
  const known = new Set(cluster.handles.map(({ spec }) => spec.handleID));
  const empty = [...known].filter((handle) => !mentioned.has(handle)).length;
  const missing = [...mentioned].filter((handle) => !known.has(handle)).length;
  lines.push("", "Scanning for IPAM handles with no matching IPs...");
  lines.push(`Found ${empty} handles with no matching IPs (and ${known.size - empty} handles with matches).`);
  lines.push("Scanning for IPs with missing handle...");
  lines.push(`Found ${missing} handles mentioned in blocks with no matching handle resource.`);

  const invalid = cluster.blocks.flatMap((block) => invalidity(block) ?? []);
  lines.push("Validating IPAMBlock structures...", ...invalid, `Found ${invalid.length} invalid IPAMBlocks.`);
  const problems = leaked + unallocated.length + empty + invalid.length;
  return [...lines, `Check complete; found ${problems} problems.`, ""].join("\n");
}

function allocationsOf(blocks: readonly RawBlock[]): ReadonlyMap<string, readonly Allocation[]> {
  const found = new Map<string, Allocation[]>();
  for (const { spec } of blocks) {
    const { first, family } = rangeOf(spec.cidr);
    const host = /^host:(.*)/.exec(spec.affinity ?? "")?.[1] ?? "";
    for (const [ordinal, index] of spec.allocations.entries()) {
      if (index === null) continue;
      const attribute = spec.attributes[index];
      const address = keyOf(first + BigInt(ordinal), family);
      const allocation = {
        handle: attribute?.handle_id ?? null,
        node: attribute?.secondary?.["node"] ?? host,
        cooling: Boolean(attribute?.releasedAt),
      };
      const others = found.get(address);
      if (others) others.push(allocation);
      else found.set(address, [allocation]);
    }
  }
  return found;
}

/** IPv4 as people write it, which is what most addresses are compared by; IPv6 has many spellings, so it goes by number. */
function keyOf(address: bigint, family: 4 | 6): string {
  if (family === 6) return `6:${address}`;
  const number = Number(address);
  return `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
}

const normal = (address: string) => (address.includes(":") ? keyOf(rangeOf(address).first, 6) : address);
const plain = (text: string) => text.split("/", 1)[0] ?? "";

function tunnelsOf({ metadata }: RawNode): readonly string[] {
  return tunnels.flatMap((name) => metadata.annotations?.[`projectcalico.org/${name}`] || []);
}

function balancerOf({ spec, status }: RawService): readonly string[] {
  if (spec?.type !== "LoadBalancer" || (spec.loadBalancerClass ?? "calico") !== "calico") return [];
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip || []);
}

function addressesOf({ metadata, spec, status }: RawPod): readonly string[] {
  if (!spec?.nodeName || spec.hostNetwork === true) return [];
  const annotation = (name: string) => metadata.annotations?.[`cni.projectcalico.org/${name}`];
  const finished = ["Failed", "Succeeded", "Completed"].includes(status?.phase ?? "");
  if (finished || (metadata.deletionTimestamp && annotation("podIP") === "")) return [];
  const listed = status?.podIPs?.map(({ ip }) => ip) ?? [];
  if (listed.length > 0) return listed.map(normal);
  const told = status?.podIP || annotation("podIPs") || annotation("podIP") || "";
  return told
    .split(",")
    .filter((address) => address !== "")
    .map((address) => normal(plain(address)));
}

/** Most first. */
function countedBy(names: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
}

/** The first thing that is wrong with a block's structure, as it is printed; null: nothing. */
function invalidity({ spec }: RawBlock): string | null {
  const said = (reason: string) => `  IPAMBlock BlockKey(cidr=${spec.cidr}) is invalid: ${reason}`;
  const { allocations, unallocated, attributes } = spec;
  const used = new Set<number>();
  for (const [ordinal, index] of allocations.entries()) {
    if (index === null) continue;
    if (attributes[index] === undefined)
      return said(`allocation ${ordinal} indexes a nonexistent attribute ${index}`);
    used.add(index);
  }
  const unused = attributes.findIndex((_, index) => !used.has(index));
  if (unused >= 0) return said(`attribute index ${unused} exists but is not indexed by an allocation`);
  const free = new Set<number>();
  for (const ordinal of unallocated) {
    if (ordinal < 0 || ordinal >= allocations.length)
      return said(`ordinal ${ordinal} appears in the Unallocated array but is out of the block`);
    if (free.has(ordinal)) return said(`ordinal ${ordinal} appears more than once in Unallocated array`);
    if (allocations[ordinal] !== null)
      return said(`ordinal ${ordinal} is allocated but appears in Unallocated`);
    free.add(ordinal);
  }
  const allocated = allocations.filter((index) => index !== null).length;
  const both = free.size + allocated;
  return both === allocations.length
    ? null
    : said(
        `expected ${allocations.length} addresses in this block, but Unallocated (${free.size}) + Allocated (${allocated}) = ${both}`,
      );
}
