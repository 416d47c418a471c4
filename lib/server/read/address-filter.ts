import type { AddressQuery } from "../../contract/addresses.ts";
import { type Address, parseAddress } from "../../ipam/address.ts";
import { ordinalOf } from "../../ipam/block-ops.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { GapSegment } from "./address-segments.ts";
import { addressText } from "./address-text.ts";
import type { BlockStates } from "./block-addresses.ts";
import type { BlockRow } from "../../inventory/block-row.ts";

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
export function addressFilter(
  inventory: Inventory,
  query: Omit<AddressQuery, "limit" | "offset" | "sort">,
): AddressFilter | null {
  const { state, kind } = query;
  const text = addressText(inventory.interner, query.q);
  const wanted = addressIn(query.q ?? "");
  const namespace = query.namespace === undefined ? null : inventory.interner.find(query.namespace);
  const node = query.node === undefined ? null : inventory.interner.find(query.node);
  const ofSomebody = query.namespace !== undefined || query.node !== undefined || kind !== undefined;
  if (!ofSomebody && state === undefined && text === null) return null;

  return {
    ofBlock(block, states) {
      const { content, cidr } = block;
      const matches = text === null || wanted ? null : text.ofBlock(block);
      return (ordinal) => {
        const index = content.slot(ordinal);
        if (query.namespace !== undefined && (index < 0 || content.namespaceId(index) !== namespace))
          return false;
        if (query.node !== undefined && (index < 0 || content.nodeId(index) !== node)) return false;
        if (state !== undefined && states.of(ordinal) !== state) return false;
        if (kind !== undefined && states.kindOf(ordinal) !== kind) return false;
        if (wanted) return coversOrdinal(states, ordinal, ordinalOf(cidr, wanted));
        return matches === null || matches(ordinal, index);
      };
    },
    ofGap: (gap) =>
      !ofSomebody &&
      (state === undefined || state === "unclaimed") &&
      (text === null || (wanted ? coversAddress(gap, wanted) : text.ofGap(gap))),
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
