import type { AddressDetail, Address as AddressRow } from "../../contract/addresses.ts";
import { type Address, AddressError, formatAddress, parseAddress } from "../../ipam/address.ts";
import { cidrSetHas } from "../../ipam/cidr-set.ts";
import { ordinalOf } from "../../ipam/block-ops.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { addressRow, BlockStates } from "./block-addresses.ts";
import { explainAddress } from "./explain-address.ts";
import { ReadError } from "./read-error.ts";
import { requireKind, requireReady, unknownOf, withUnknown } from "./ready.ts";

/** What one address is. Throws 400 when the text is none. */
export function readAddress(inventory: Inventory, ip: string): AddressDetail {
  requireReady(inventory);
  const address = parse(ip);
  requireKind(inventory, "blocks");
  const block = inventory.space.blockWith(address);
  const ordinal = block && ordinalOf(block.cidr, address);
  if (!block || ordinal === null) return withoutBlock(inventory, address);
  const row = addressRow(inventory, block, new BlockStates(inventory, block), ordinal, { single: true });
  return detailOf(inventory, address, row);
}

function withoutBlock(inventory: Inventory, address: Address): AddressDetail {
  const { space } = inventory;
  const [pool] = space.poolsWith(address);
  const missing = unknownOf(inventory, "reservedBy", "reservations");
  const row = {
    ip: formatAddress(address),
    lastIp: null,
    state: pool && cidrSetHas(space.reservedSet, address) ? ("reserved" as const) : ("unclaimed" as const),
    kind: null,
    owner: null,
    node: null,
    block: null,
    pool: pool?.name ?? null,
    since: null,
    handle: null,
    borrowed: false,
    leakCandidate: false,
    reservedBy: missing ? null : space.reservedBy(address),
    ...withUnknown(
      missing,
      unknownOf(inventory, "state", "pools", "reservations"),
      unknownOf(inventory, "pool", "pools"),
    ),
  };
  return detailOf(inventory, address, row);
}

function detailOf(inventory: Inventory, address: Address, row: AddressRow): AddressDetail {
  const missing = unknownOf(inventory, "outside", "pools");
  return {
    ...row,
    explanation: explainAddress(inventory, address, row),
    outside: missing ? null : inventory.space.poolsWith(address).length === 0,
    ...withUnknown(...(row.unknown ?? []), missing),
  };
}

function parse(ip: string): Address {
  try {
    return parseAddress(ip);
  } catch (error) {
    if (error instanceof AddressError)
      throw new ReadError({ status: 400, code: "bad-request", detail: `${error.message}.` });
    throw error;
  }
}
