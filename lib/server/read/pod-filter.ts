import type { PodQuery } from "../../contract/pods.ts";
import { cidrSize } from "../../ipam/cidr.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PodFilter } from "../../inventory/pod-lists.ts";
import { podAddress } from "../../inventory/pod-row.ts";
import type { PodTable } from "../../inventory/pod-table.ts";
import { podState } from "./pod-state.ts";
import { podTextFilter } from "./pod-text.ts";

type IsIn = PodFilter["isIn"];

/** The filters of a query as one that reads columns; null: it has none. */
export function podFilter(inventory: Inventory, query: PodQuery): PodFilter | null {
  const { limit: _limit, offset: _offset, sort: _sort, ...filters } = query;
  const { table } = inventory.pods;
  const { namespace, node, state, block, pool, q } = filters;
  const tests: IsIn[] = [];
  // The cheapest first.
  if (namespace !== undefined) tests.push(hasId(table, namespace, (slot) => table.names.namespaces[slot]));
  if (node !== undefined) tests.push(hasId(table, node, (slot) => table.nodes[slot]));
  if (state !== undefined) tests.push((slot) => podState(inventory, slot) === state);
  const matches = podTextFilter(table, q);
  if (matches) tests.push(matches);
  if (block !== undefined) tests.push(isInBlock(inventory, block));
  if (pool !== undefined) tests.push(isInPool(inventory, pool));
  const [only, ...more] = tests;
  if (!only) return null;
  const { space } = inventory;
  const isJoined = block !== undefined || pool !== undefined;
  return {
    key: JSON.stringify(filters),
    isIn: more.length === 0 ? only : (slot) => tests.every((test) => test(slot)),
    revision: isJoined ? space.layoutRevision : 0,
  };
}

/** One IPv4 address, which nearly every pod has, is compared as a number: 1/20 of looking for its block. */
function isInBlock(inventory: Inventory, name: string): IsIn {
  const { table } = inventory.pods;
  const cidr = inventory.space.blocks.get("", name)?.cidr;
  if (!cidr) return () => false;
  const first = cidr.family === 4 ? Number(cidr.base) : 0;
  const end = cidr.family === 4 ? first + Number(cidrSize(cidr)) : 0;
  return (slot) => {
    const ip = table.ipv4[slot] ?? 0;
    if (table.oddIps(slot) === null && (ip < first || ip >= end)) return false;
    return blocksOf(inventory, slot).some((one) => one?.name === name);
  };
}

/** Of one IPv4 address in a block, that block tells: half the time of putting together all that a pod has. */
function isInPool(inventory: Inventory, name: string): IsIn {
  const { space, pods } = inventory;
  const { table } = pods;
  return (slot) => {
    if (table.hasIpv4(slot) && table.oddIps(slot) === null && !table.isHostNetwork(slot)) {
      const block = space.blockAtIpv4(table.ipv4[slot] ?? 0);
      if (block) return block.pool === name;
    }
    return poolsOf(inventory, slot).includes(name);
  };
}

/** The name may not have been heard of yet when the filter is made, and be so when it is used again. */
function hasId(table: PodTable, name: string, idOf: (slot: number) => number | undefined): IsIn {
  let id = table.interner.find(name);
  return (slot) => {
    id ??= table.interner.find(name);
    return id !== null && idOf(slot) === id;
  };
}

/** The block of each address, in their order; host-network pods have their node's, which are in none. */
export function blocksOf({ space, pods: { table } }: Inventory, slot: number): (BlockRow | null)[] {
  if (table.isHostNetwork(slot)) return [];
  return table.ips(slot).map((ip) => {
    if (typeof ip === "number") return space.blockAtIpv4(ip);
    const address = podAddress(ip);
    return address && space.blockWith(address);
  });
}

/** The pool of each address, each once; of an address in no block, the pool that contains it. */
export function poolsOf(inventory: Inventory, slot: number): string[] {
  const { space, pods } = inventory;
  const pools = blocksOf(inventory, slot).map((block, index) => {
    if (block) return block.pool;
    const address = podAddress(pods.table.ips(slot)[index] ?? "");
    return address ? (space.poolsWith(address)[0]?.name ?? null) : null;
  });
  return [...new Set(pools.filter((pool) => pool !== null))];
}
