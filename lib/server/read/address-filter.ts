import type { AddressQuery } from "../../contract/addresses.ts";
import { type Address, formatAddress, parseAddress } from "../../ipam/address.ts";
import { ordinalOf } from "../../ipam/block-ops.ts";
import { addressAt } from "../../ipam/cidr.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { GapSegment } from "./address-segments.ts";
import type { BlockStates } from "./block-addresses.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import { mayNameAddress, textFilter } from "./list-query.ts";

/** Which rows of the address table a query asks for. */
export interface AddressFilter {
  /** A test for the rows of one block. */
  ofBlock(block: BlockRow, states: BlockStates): (ordinal: number) => boolean;
  ofGap(gap: GapSegment): boolean;
}

/**
 * Null when the query asks for every row. Numbers are compared first, texts only where `q` asks for them. A whole address
 * as `q` finds the row that covers it, be it a run.
 */
export function addressFilter(inventory: Inventory, query: AddressQuery): AddressFilter | null {
  const { state, kind } = query;
  const matches = textFilter(query.q);
  const wanted = addressIn(query.q ?? "");
  const withAddresses = mayNameAddress(query.q);
  const namespace = query.namespace === undefined ? null : inventory.interner.find(query.namespace);
  const node = query.node === undefined ? null : inventory.interner.find(query.node);
  const ofSomebody = query.namespace !== undefined || query.node !== undefined || kind !== undefined;
  if (!ofSomebody && state === undefined && matches === null) return null;

  return {
    ofBlock:
      ({ content, cidr, text, pool }, states) =>
      (ordinal) => {
        const index = content.slot(ordinal);
        if (query.namespace !== undefined && (index < 0 || content.namespaceId(index) !== namespace))
          return false;
        if (query.node !== undefined && (index < 0 || content.nodeId(index) !== node)) return false;
        if (state !== undefined && states.of(ordinal) !== state) return false;
        if (kind !== undefined && states.kindOf(ordinal) !== kind) return false;
        if (matches === null) return true;
        if (wanted) return coversOrdinal(states, ordinal, ordinalOf(cidr, wanted));
        const ip = withAddresses ? formatAddress(addressAt(cidr, ordinal)) : null;
        if (index < 0) return matches(ip, text, pool);
        const { interner } = inventory;
        const names = [
          content.name(index),
          interner.text(content.namespaceId(index)),
          interner.text(content.nodeId(index)),
        ];
        return matches(ip, text, pool, ...names);
      },
    ofGap: (gap) =>
      !ofSomebody &&
      (state === undefined || state === "unclaimed") &&
      (matches === null || (wanted ? coversAddress(gap, wanted) : matches(gap.row.ip, gap.pool))),
  };
}

function addressIn(text: string): Address | null {
  try {
    return parseAddress(text.trim());
  } catch {
    return null;
  }
}

function coversOrdinal(states: BlockStates, first: number, wanted: number | null): boolean {
  if (wanted === null || wanted < first) return false;
  return wanted <= (states.of(first) === "free" ? states.endOfRun(first) : first);
}

function coversAddress({ family, first, row }: GapSegment, wanted: Address): boolean {
  const last = row.lastIp === null ? null : parseAddress(row.lastIp);
  return wanted.family === family && wanted.value >= first && wanted.value <= (last?.value ?? first);
}
