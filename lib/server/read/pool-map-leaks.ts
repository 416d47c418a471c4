import { addressAt } from "../../ipam/cidr.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { isLeakCandidate } from "../../inventory/leak-candidate.ts";
import type { Row } from "../../inventory/table.ts";

/** What was found when a block was last looked through: the rows that use its addresses, or an ordinal nobody uses. */
type Finding = { readonly users: readonly Row[] } | { readonly suspect: number };

const findings = new WeakMap<BlockRow, Finding>();

/**
 * Whether an address among the ordinals, both included, is a leak candidate; what cannot be judged is none. A block whose users
 * are all still there is not looked through again: judging 150,000 addresses by name takes longer than drawing them.
 */
export function hasLeak(inventory: Inventory, block: BlockRow, first: number, last: number): boolean {
  const known = findings.get(block);
  if (known && "users" in known && known.users.every((row) => !row.gone)) return false;
  if (known && "suspect" in known && known.suspect >= first && known.suspect <= last) {
    if (isSuspect(inventory, block, known.suspect) === true) return true;
  }
  const users: Row[] = [];
  let isSettled = true;
  for (let ordinal = first; ordinal <= last; ordinal++) {
    const index = block.content.slot(ordinal);
    if (index < 0) continue;
    const isLeak = isSuspect(inventory, block, ordinal);
    if (isLeak === true) {
      findings.set(block, { suspect: ordinal });
      return true;
    }
    const user = userOf(inventory, block, index);
    if (user) users.push(user);
    if (isLeak === null || user === null) isSettled = false;
  }
  if (isSettled && first === 0 && last === block.content.size - 1) findings.set(block, { users });
  else findings.delete(block);
  return false;
}

/** Null: it cannot be judged. */
function isSuspect(inventory: Inventory, block: BlockRow, ordinal: number): boolean | null {
  return isLeakCandidate(inventory, block, block.content.slot(ordinal), addressAt(block.cidr, ordinal));
}

/** The pod or node an address stands and falls with; undefined: it is never judged; null: it may be judged otherwise later. */
function userOf(inventory: Inventory, { content }: BlockRow, index: number): Row | null | undefined {
  const { interner, nodes, pods } = inventory;
  const kind = content.kind(index);
  if (kind === "tunnel") return nodes.table.get("", interner.text(content.nodeId(index)) ?? "");
  if (kind !== "pod") return undefined;
  const namespace = interner.text(content.namespaceId(index));
  const name = content.name(index);
  if (namespace === null || name === null) return undefined;
  return pods.table.get(namespace, name);
}
