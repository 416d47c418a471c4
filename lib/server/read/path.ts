import { readFelix } from "../../calico/felix.ts";
import type { Path } from "../../contract/path.ts";
import { type Address, AddressError, type Family, formatAddress, parseAddress } from "../../ipam/address.ts";
import { ordinalOf } from "../../ipam/block-ops.ts";
import { explainPath, type PathInput } from "../../ipam/path.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { NodeRow } from "../../inventory/node-row.ts";
import { podAddress, type PodRow } from "../../inventory/pod-row.ts";
import { invalidParameter, notFound } from "./read-error.ts";
import { requireKind, requireReady, unknownOf, withUnknown } from "./ready.ts";

/**
 * The way of a packet from a pod to an address or another pod. `from` is `<namespace>/<pod>`, `to` that or an address.
 * Throws 404 for pods that are not there, 422 for texts that are neither and for pods that share no address family.
 */
export function readPath(inventory: Inventory, from: string, to: string): Path {
  requireReady(inventory);
  requireKind(inventory, "pods");
  const source = podNamed(inventory, "from", from);
  const target = to.includes("/") ? podNamed(inventory, "to", to) : addressNamed(to);
  const wanted = "family" in target ? [target] : addressesOf(target);
  const [ip, destination] = pairOf(from, addressesOf(source), to, wanted);
  const path = explainPath({
    source: {
      name: from,
      ip,
      hostNetwork: source.hostNetwork,
      nodeName: source.node,
      node: nodeNamed(inventory, source.node),
    },
    destination: destinationOf(inventory, to, destination),
    pools: inventory.states.knows("pools") ? [...inventory.space.pools].map((row) => row.pool) : null,
    felix: felixOf(inventory, source.node),
    calicoVersion: inventory.detection?.version ?? null,
  });
  return {
    ...path,
    hops: path.hops.map((hop) => ({ ...hop })),
    decisions: path.decisions.map((decision) => ({ ...decision })),
    ...withUnknown(
      unknownOf(inventory, "decisions", "pools"),
      unknownOf(inventory, "decisions", "felixConfiguration"),
      unknownOf(inventory, "decisions", "nodes"),
      unknownOf(inventory, "decisions", "blocks"),
      unknownOf(inventory, "hops", "nodes"),
      unknownOf(inventory, "hops", "blocks"),
    ),
  };
}

function podNamed(inventory: Inventory, parameter: string, text: string): PodRow {
  const [namespace = "", name = "", more] = text.split("/");
  if (namespace === "" || name === "" || more !== undefined)
    throw invalidParameter(parameter, "must be <namespace>/<pod>");
  const pod = inventory.pods.table.get(namespace, name);
  if (!pod) throw notFound("pod", text);
  return pod;
}

function addressNamed(text: string): Address {
  try {
    return parseAddress(text);
  } catch (error) {
    if (error instanceof AddressError)
      throw invalidParameter("to", `${error.message}, and not <namespace>/<pod>`);
    throw error;
  }
}

function addressesOf(pod: PodRow): Address[] {
  return pod.ips.flatMap((ip) => podAddress(ip) ?? []);
}

/** Addresses of one family, the first that both have. */
function pairOf(
  from: string,
  sources: readonly Address[],
  to: string,
  targets: readonly Address[],
): [Address, Address] {
  if (sources.length === 0) throw invalidParameter("from", `pod ${from} has no address`);
  if (targets.length === 0) throw invalidParameter("to", `pod ${to} has no address`);
  for (const target of targets) {
    const source = sources.find((one) => one.family === target.family);
    if (source) return [source, target];
  }
  throw invalidParameter("from", `pod ${from} has no IPv${targets[0]?.family} address`);
}

function nodeNamed(inventory: Inventory, name: string | null): NodeRow | null {
  return name === null ? null : inventory.nodes.table.get("", name);
}

function destinationOf(inventory: Inventory, text: string, ip: Address): PathInput["destination"] {
  const { states } = inventory;
  const isNode = nodeWith(inventory, ip) ?? (states.knows("nodes") ? null : "unknown");
  const pod = podWith(inventory, ip);
  const block = inventory.space.blockWith(ip);
  const ordinal = block && ordinalOf(block.cidr, ip);
  const index = block && ordinal !== null ? block.content.slot(ordinal) : -1;
  const allocation = block && index >= 0 ? block.content.allocation(index) : null;
  const owner = block?.owner?.type === "host" ? block.owner.name : null;
  const running = states.knows("blocks") || !pod || pod.hostNetwork ? null : pod.node;
  const routed = allocation?.node ?? owner ?? running;
  const nowhere = states.knows("blocks") ? null : ("unknown" as const);
  return {
    text,
    ip,
    owner: ownerWords(allocation?.owner ?? null, isNode, pod),
    routedTo: routed === null ? nowhere : { name: routed, node: nodeNamed(inventory, routed) },
    isNode,
    isLoadBalancer: allocation?.kind === "loadBalancer",
  };
}

function ownerWords(
  owner: { kind: string; namespace: string | null; name: string } | null,
  isNode: PathInput["destination"]["isNode"],
  pod: PodRow | null,
): string | null {
  if (owner?.kind === "node") return `tunnel of ${owner.name}`;
  if (owner) return owner.namespace === null ? owner.name : `${owner.namespace}/${owner.name}`;
  if (isNode !== null && isNode !== "unknown") return isNode.name;
  return pod && `${pod.namespace}/${pod.name}`;
}

function podWith({ pods }: Inventory, ip: Address): PodRow | null {
  for (const slot of pods.table.withAddress(ip)) return pods.table.row(slot);
  return null;
}

function nodeWith(inventory: Inventory, ip: Address): NodeRow | null {
  const text = formatAddress(ip);
  const family: Family = ip.family;
  for (const node of inventory.nodes.table) {
    if (node.addresses.includes(text) || node.bgpAddress[family]?.split("/")[0] === text) return node;
  }
  return null;
}

function felixOf({ settings, states }: Inventory, node: string | null): PathInput["felix"] {
  if (!states.knows("felixConfiguration")) return null;
  const everywhere = settings.felix.get("", "default")?.spec ?? {};
  return readFelix(everywhere, node === null ? {} : settings.felix.get("", `node.${node}`)?.spec);
}
