import {
  addressBits,
  type AddressKind,
  addressKinds,
  encodeAddressMap,
  mostMapAddresses,
} from "../../contract/address-map.ts";
import { AddressError } from "../../ipam/address.ts";
import { addressAt, type Cidr, cidrContainsCidr, cidrSize, formatCidr, parseCidr } from "../../ipam/cidr.ts";
import { rangesWithin } from "../../ipam/cidr-set.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { isLeakCandidate } from "../../inventory/leak-candidate.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";
import { BlockStates } from "./block-addresses.ts";
import { type EncodedMap, encodedMap } from "./pool-map-encoded.ts";
import { NameColumn } from "./pool-map-names.ts";
import { poolNamed } from "./pools.ts";
import { invalidParameter } from "./read-error.ts";
import { requireKind, unknownOf, withUnknown } from "./ready.ts";

/**
 * The addresses of a part of the pool, one by one. Throws 403 when blocks may not be read, 422 when the text is no CIDR inside
 * the pool, or a larger one than is answered at once.
 */
export function readPoolAddressMap(inventory: Inventory, name: string, text: string): EncodedMap {
  const row = poolNamed(inventory, name);
  requireKind(inventory, "blocks");
  const cidr = partOf(row, text);
  return encodedMap(inventory, `addresses ${name} ${formatCidr(cidr)}`, () => {
    const map = addressMapOf(inventory, row, cidr);
    return (version) => encodeAddressMap({ ...map, header: { ...map.header, version } });
  });
}

function partOf({ pool }: PoolRow, text: string): Cidr {
  const cidr = parse(text);
  if (!cidrContainsCidr(pool.cidr, cidr))
    throw invalidParameter("addresses", `${formatCidr(cidr)} does not lie in ${formatCidr(pool.cidr)}`);
  if (cidrSize(cidr) > mostMapAddresses)
    throw invalidParameter("addresses", `${formatCidr(cidr)} has more than 65,536 addresses`);
  return cidr;
}

function parse(text: string): Cidr {
  try {
    return parseCidr(text).cidr;
  } catch (error) {
    if (error instanceof AddressError) throw invalidParameter("addresses", error.message);
    throw error;
  }
}

function addressMapOf(inventory: Inventory, row: PoolRow, cidr: Cidr) {
  const count = Number(cidrSize(cidr));
  const rows = new AddressRows(inventory, count);
  // Blocks overlap in odd data only: then the smallest has its addresses, as everywhere.
  const blocks = [...inventory.space.blocksWithin(cidr)].sort(
    (one, other) => one.cidr.prefix - other.cidr.prefix,
  );
  for (const block of blocks) rows.addBlock(block, Number(block.cidr.base - cidr.base));
  for (const { first, last } of rangesWithin(inventory.space.reservedSet, cidr))
    rows.reserve(Number(first - cidr.base), Number(last - cidr.base));
  const header = {
    version: inventory.version,
    pool: row.name,
    cidr: formatCidr(cidr),
    count,
    nodes: rows.nodes.names,
    namespaces: rows.namespaces.names,
    ...withUnknown(
      unknownOf(inventory, "state", "reservations"),
      unknownOf(inventory, "state", "pods"),
      unknownOf(inventory, "state", "nodes"),
    ),
  };
  return { header, state: rows.state, node: rows.nodes.column(), namespace: rows.namespaces.column() };
}

const numberOf = (kind: AddressKind) => addressKinds.indexOf(kind);

class AddressRows {
  readonly state: Uint8Array<ArrayBuffer>;
  readonly nodes: NameColumn<string>;
  readonly namespaces: NameColumn<string>;
  private readonly inventory: Inventory;

  constructor(inventory: Inventory, count: number) {
    this.inventory = inventory;
    this.state = new Uint8Array(count);
    this.nodes = new NameColumn(count);
    this.namespaces = new NameColumn(count);
  }

  /** `start`: the row of its first address; negative when the block begins before the first row. */
  addBlock(block: BlockRow, start: number): void {
    const states = new BlockStates(this.inventory, block);
    const last = Math.min(block.content.size, this.state.length - start);
    for (let ordinal = Math.max(0, -start); ordinal < last; ordinal++) {
      this.addAddress(block, states, ordinal, start + ordinal);
    }
  }

  reserve(first: number, last: number): void {
    for (let at = first; at <= last; at++) this.state[at] = (this.state[at] ?? 0) | addressBits.reserved;
  }

  private addAddress(block: BlockRow, states: BlockStates, ordinal: number, at: number): void {
    const { interner } = this.inventory;
    const { content, owner, cidr } = block;
    const index = content.slot(ordinal);
    const node = index < 0 ? null : interner.text(content.nodeId(index));
    const kind = states.kindOf(ordinal);
    const isCooling = index >= 0 && content.kind(index) === null;
    const isLeak = index >= 0 && isLeakCandidate(this.inventory, block, index, addressAt(cidr, ordinal));
    const isBorrowed = node !== null && node !== (owner?.name ?? null);
    this.state[at] =
      numberOf(isCooling ? "cooling" : (kind ?? "free")) |
      (isBorrowed ? addressBits.borrowed : 0) |
      (isLeak ? addressBits.leak : 0);
    const hasPod = kind === "pod" || kind === "vm";
    put(this.nodes, at, node);
    put(this.namespaces, at, hasPod ? interner.text(content.namespaceId(index)) : null);
  }
}

/** Also over what a larger block has put there. */
function put(column: NameColumn<string>, at: number, name: string | null): void {
  if (name === null) column.clear(at);
  else column.set(at, name);
}
