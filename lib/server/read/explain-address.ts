import type { Address as AddressShape } from "../../contract/addresses.ts";
import { type Address, formatAddress } from "../../ipam/address.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PodRow } from "../../inventory/pod-row.ts";

/** What an address is, in sentences: who holds it, how surely, and what that means. */
export function explainAddress(inventory: Inventory, address: Address, row: AddressShape): string {
  return [
    stateOf(inventory, address, row),
    lendingOf(inventory, row),
    leakOf(row),
    reservationOf(row),
    poolOf(inventory, row),
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

function stateOf(inventory: Inventory, address: Address, row: AddressShape): string {
  switch (row.state) {
    case "used":
      return holder(row);
    case "cooling":
      return `${row.ip} was released${row.since ? ` at ${row.since}` : ""} and cools down: it is not handed out again before its time is over.`;
    case "reserved":
      return row.block
        ? `${row.ip} is reserved: it is free in block ${row.block}, but never handed out automatically.`
        : `${row.ip} is reserved and in no block: it is never handed out automatically.`;
    case "free":
      return `${row.ip} is free in block ${row.block}, which ${ownerOf(inventory, row)}.`;
    case "unclaimed":
      if (row.pool)
        return `${row.ip} is in no block yet: a node that needs addresses may claim the block around it.`;
      return inventory.states.knows("pools") ? outside(inventory, address) : `${row.ip} is in no block.`;
  }
}

const kindWords = {
  pod: "pod",
  vm: "virtual machine",
  loadBalancer: "LoadBalancer Service",
} as const;

function holder({ ip, kind, owner, node }: AddressShape): string {
  const on = node ? ` on node ${node}` : "";
  if (kind === "tunnel") return `${ip} is the tunnel address of node ${node ?? "(not recorded)"}.`;
  if (kind === "windows")
    return `${ip} is kept by Windows itself: the first three and the last address of a block are, where a Windows node made it.`;
  if (owner && kind && kind !== "other") {
    const name = owner.namespace ? `${owner.namespace}/${owner.name}` : owner.name;
    return `${ip} is used by ${kindWords[kind]} ${name}${on}.`;
  }
  return `${ip} is in use${on}, and its block does not record by whom.`;
}

function ownerOf(inventory: Inventory, { block }: AddressShape): string {
  const owner = block === null ? null : inventory.space.blocks.get("", block)?.owner;
  return owner ? `${owner.name} owns` : "nobody owns";
}

function lendingOf(inventory: Inventory, row: AddressShape): string {
  if (!row.borrowed) return "";
  const owner = row.block === null ? null : inventory.space.blocks.get("", row.block)?.owner;
  return owner
    ? `${row.node} borrowed it from a block of ${owner.name}.`
    : `${row.node} holds it in a block that nobody owns, so it counts as borrowed.`;
}

function leakOf({ leakCandidate, kind }: AddressShape): string {
  if (leakCandidate === null)
    return "Whether anything still uses it cannot be said: its owner cannot be read.";
  if (!leakCandidate) return "";
  const missing = kind === "tunnel" ? "That node is not there" : "No running pod of that name uses it there";
  return `${missing}: it may be a leak. One sighting proves nothing, Calico itself waits 15 minutes.`;
}

function reservationOf({ reservedBy, state }: AddressShape): string {
  if (reservedBy === null)
    return state === "free" || state === "unclaimed"
      ? "Whether it is reserved cannot be said: reservations cannot be read."
      : "";
  if (reservedBy.length === 0) return "";
  const names = reservedBy.join(", ");
  if (state === "reserved") return `The reservation is ${names}.`;
  return `It lies in reservation ${names}, which holds back new automatic allocations and takes nothing away.`;
}

function poolOf(inventory: Inventory, { pool, block }: AddressShape): string {
  if (pool === null && !inventory.states.knows("pools"))
    return "Its pool cannot be said: pools cannot be read.";
  if (pool === null) return block === null ? "" : "Its block lies in no pool.";
  const disabled = inventory.space.pools.get("", pool)?.pool.disabled;
  return `Its pool is ${pool}${disabled ? ", which is disabled" : ""}.`;
}

/** An address in no pool is no business of Calico's, but people ask for those of nodes and host-network pods too. */
function outside(inventory: Inventory, address: Address): string {
  const ip = formatAddress(address);
  for (const node of inventory.nodes.table) {
    if (node.addresses.includes(ip)) return `${ip} is in no pool. It is the address of node ${node.name}.`;
  }
  const pod = podWith(inventory, address);
  if (pod)
    return `${ip} is in no pool, although pod ${pod.namespace}/${pod.name} has it: Calico IPAM did not give it.`;
  const hidden = (["nodes", "pods"] as const).filter((kind) => !inventory.states.knows(kind));
  const rest = hidden.length > 0 ? ` Whether one of the ${hidden.join(" or ")} has it cannot be said.` : "";
  return `${ip} is in no pool: Calico does not hand it out.${rest}`;
}

function podWith(inventory: Inventory, address: Address): PodRow | null {
  const { table } = inventory.pods;
  for (const slot of table.withAddress(address)) if (!table.isHostNetwork(slot)) return table.row(slot);
  return null;
}
