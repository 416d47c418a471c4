import type { SearchItem, SearchResult } from "../../contract/search.ts";
import { AddressError, parseAddress } from "../../ipam/address.ts";
import { formatCidr } from "../../ipam/cidr.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { formatPodIp } from "../../inventory/pod-row.ts";
import { readAddress } from "./address.ts";
import { mayNameAddress } from "./list-query.ts";
import { requireReady, unknownOf, withUnknown } from "./ready.ts";

/** Hits of one kind, and of all kinds together. */
const mostOfKind = 8;
const most = 30;

/** Smaller is better: the whole text, its beginning, the beginning of a word in it, anywhere. */
const ranks = 4;

interface Hit {
  readonly rank: number;
  readonly item: SearchItem;
}

/**
 * Pools, blocks, namespaces, pods, nodes and addresses by name or a part of it, best first. A whole address is always
 * answered, whatever it is; a part of one finds what has an address with that in it. One pass over names that are in
 * memory, 150,000 of them in a few milliseconds.
 */
export function search(inventory: Inventory, q: string): SearchResult {
  requireReady(inventory);
  const wanted = q.trim().toLowerCase();
  if (wanted === "") return { items: [] };
  const hits = [
    addressHits(inventory, wanted),
    poolHits(inventory, wanted),
    nodeHits(inventory, wanted),
    namespaceHits(inventory, wanted),
    podHits(inventory, wanted),
    blockHits(inventory, wanted),
  ].flat();
  const items = hits.sort((one, other) => one.rank - other.rank).slice(0, most);
  return {
    items: items.map(({ item }) => item),
    ...withUnknown(
      unknownOf(inventory, "items", "pools"),
      unknownOf(inventory, "items", "blocks"),
      unknownOf(inventory, "items", "nodes"),
      unknownOf(inventory, "items", "namespaces"),
      unknownOf(inventory, "items", "pods"),
    ),
  };
}

function addressHits(inventory: Inventory, wanted: string): Hit[] {
  if (!inventory.states.knows("blocks")) return [];
  try {
    parseAddress(wanted);
  } catch (error) {
    if (error instanceof AddressError) return [];
    throw error;
  }
  const { ip, explanation } = readAddress(inventory, wanted);
  return [
    { rank: 0, item: { kind: "address", name: ip, detail: explanation, href: `/addresses?ip=${part(ip)}` } },
  ];
}

function poolHits({ space }: Inventory, wanted: string): Hit[] {
  return best(
    space.pools,
    ({ name, pool }) => Math.min(rankOf(name, wanted), rankOf(formatCidr(pool.cidr), wanted)),
    ({ name, pool }) => ({
      kind: "pool",
      name,
      detail: `${formatCidr(pool.cidr)}${pool.disabled ? ", disabled" : ""}`,
      href: `/pools/${part(name)}`,
    }),
  );
}

function blockHits({ space }: Inventory, wanted: string): Hit[] {
  return best(
    space.blocks,
    ({ text, name }) => Math.min(rankOf(text, wanted), rankOf(name, wanted)),
    ({ name, text, owner, pool }) => ({
      kind: "block",
      name: text,
      detail: `${owner ? `owned by ${owner.name}` : "without owner"}, ${name}`,
      href:
        pool === null
          ? `/addresses?block=${part(name)}`
          : `/pools/${part(pool)}?tab=blocks&block=${part(name)}`,
    }),
  );
}

function nodeHits({ nodes }: Inventory, wanted: string): Hit[] {
  return best(
    nodes.table,
    ({ name, addresses, tunnels }) =>
      Math.min(
        rankOf(name, wanted),
        ...addresses.map((address) => rankOf(address, wanted)),
        ...tunnels.map((tunnel) => rankOf(tunnel.ip, wanted)),
      ),
    ({ name, ready, addresses }) => ({
      kind: "node",
      name,
      detail: [ready ? "ready" : "not ready", ...addresses].join(", "),
      href: `/nodes?q=${part(name)}`,
    }),
  );
}

function namespaceHits({ namespaces, pods, states }: Inventory, wanted: string): Hit[] {
  return best(
    namespaces,
    ({ name }) => rankOf(name, wanted),
    ({ name }) => {
      const count = pods.table.groupSize(name);
      const detail = states.knows("pods") ? `${count} ${count === 1 ? "pod" : "pods"}` : "pods unknown";
      return { kind: "namespace", name, detail, href: `/namespaces?q=${part(name)}` };
    },
  );
}

function podHits({ pods }: Inventory, wanted: string): Hit[] {
  // There are many: whole names and addresses are made into text only where the question could be about one.
  const withAddresses = mayNameAddress(wanted);
  const withNamespace = wanted.includes("/");
  return best(
    pods.table,
    ({ namespace, name, ips }) => {
      let rank = rankOf(withNamespace ? `${namespace}/${name}` : name, wanted);
      if (withAddresses) for (const ip of ips) rank = Math.min(rank, rankOf(formatPodIp(ip), wanted));
      return rank;
    },
    ({ namespace, name, node, ips }) => ({
      kind: "pod",
      name,
      namespace,
      detail: [...ips.map(formatPodIp), node ?? "not scheduled"].join(", "),
      href: `/pods?namespace=${part(namespace)}&q=${part(name)}`,
    }),
  );
}

/** The best rows of one kind; items are made of those only. */
function best<Row>(
  rows: Iterable<Row>,
  rankOfRow: (row: Row) => number,
  toItem: (row: Row) => SearchItem,
): Hit[] {
  const byRank: Row[][] = Array.from({ length: ranks }, () => []);
  for (const row of rows) {
    const found = byRank[rankOfRow(row)];
    if (found && found.length < mostOfKind) found.push(row);
  }
  return byRank
    .flatMap((found, rank) => found.map((row) => ({ rank, row })))
    .slice(0, mostOfKind)
    .map(({ rank, row }) => ({ rank, item: toItem(row) }));
}

/** `ranks`: the text does not hold what is wanted. Names of Kubernetes objects are in lower case already. */
function rankOf(text: string, wanted: string): number {
  const at = text.indexOf(wanted);
  if (at < 0) return ranks;
  if (at === 0) return text.length === wanted.length ? 0 : 1;
  return /[a-z0-9]/.test(text[at - 1] ?? "") ? 3 : 2;
}

function part(text: string): string {
  return encodeURIComponent(text);
}
