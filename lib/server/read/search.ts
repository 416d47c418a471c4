import type { SearchItem, SearchResult } from "../../contract/search.ts";
import { AddressError, parseAddress } from "../../ipam/address.ts";
import { formatCidr } from "../../ipam/cidr.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { formatPodIp } from "../../inventory/pod-row.ts";
import { Slices } from "../../inventory/slices.ts";
import { readAddress } from "./address.ts";
import { podRank, rankOf, ranks } from "./search-rank.ts";
import { requireReady, unknownOf, withUnknown } from "./ready.ts";

/** Hits of one kind, and of all kinds together. */
const mostOfKind = 8;
const most = 30;

interface Hit {
  readonly rank: number;
  readonly item: SearchItem;
}

/**
 * Pools, blocks, namespaces, pods, nodes and addresses by name or a part of it, best first. A whole address is always
 * answered, whatever it is; a part of one finds what has an address with that in it. One pass over names that are in
 * memory, in slices. Rejects with the signal's reason when that is aborted.
 */
export async function search(
  inventory: Inventory,
  q: string,
  signal: AbortSignal | null = null,
): Promise<SearchResult> {
  requireReady(inventory);
  const wanted = q.trim().toLowerCase();
  if (wanted === "") return { items: [] };
  const slices = new Slices(signal);
  const hits = [
    addressHits(inventory, wanted),
    await poolHits(inventory, wanted, slices),
    await nodeHits(inventory, wanted, slices),
    await namespaceHits(inventory, wanted, slices),
    await podHits(inventory, wanted, slices),
    await blockHits(inventory, wanted, slices),
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

function poolHits({ space }: Inventory, wanted: string, slices: Slices): Promise<Hit[]> {
  return best(
    slices,
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

function blockHits({ space }: Inventory, wanted: string, slices: Slices): Promise<Hit[]> {
  return best(
    slices,
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

function nodeHits({ nodes }: Inventory, wanted: string, slices: Slices): Promise<Hit[]> {
  return best(
    slices,
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

function namespaceHits(
  { namespaces, pods, states }: Inventory,
  wanted: string,
  slices: Slices,
): Promise<Hit[]> {
  return best(
    slices,
    namespaces,
    ({ name }) => rankOf(name, wanted),
    ({ name }) => {
      const count = pods.table.groupSize(name);
      const detail = states.knows("pods") ? `${count} ${count === 1 ? "pod" : "pods"}` : "pods unknown";
      return { kind: "namespace", name, detail, href: `/namespaces?q=${part(name)}` };
    },
  );
}

/** By namespace and name among equals, whatever came first: every replica finds the same ones. */
async function podHits({ pods }: Inventory, wanted: string, slices: Slices): Promise<Hit[]> {
  const { table } = pods;
  const slots = await pods.lists.ask({ field: "namespace", filter: null }, null, (all) => all.slice());
  const rank = podRank(table, wanted);
  const rankOfSlot = (slot: number) => (table.isPresent(slot) ? rank(slot) : ranks);
  return best(slices, slots, rankOfSlot, (slot) => {
    const { namespace, name, node, ips } = table.row(slot);
    return {
      kind: "pod",
      name,
      namespace,
      detail: [...ips.map(formatPodIp), node ?? "not scheduled"].join(", "),
      href: `/pods?namespace=${part(namespace)}&q=${part(name)}`,
    };
  });
}

/** The best rows of one kind; items are made of those only. Rows that change meanwhile are left out. */
async function best<Row>(
  slices: Slices,
  rows: Iterable<Row>,
  rankOfRow: (row: Row) => number,
  toItem: (row: Row) => SearchItem,
): Promise<Hit[]> {
  const byRank: Row[][] = Array.from({ length: ranks }, () => []);
  let seen = 0;
  for (const row of rows) {
    const found = byRank[rankOfRow(row)];
    if (found && found.length < mostOfKind) found.push(row);
    if ((++seen & 1023) === 0 && slices.isOver) await slices.next();
  }
  return byRank
    .flatMap((found, rank) => found.map((row) => ({ rank, row })))
    .filter(({ rank, row }) => rankOfRow(row) === rank)
    .slice(0, mostOfKind)
    .map(({ rank, row }) => ({ rank, item: toItem(row) }));
}

function part(text: string): string {
  return encodeURIComponent(text);
}
