import type { Unknown } from "../../contract/common.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Kind } from "../../inventory/kinds.ts";
import { ReadError } from "./read-error.ts";

/** Throws 409 where Calico IPAM does not give the addresses, 503 until the first kinds are read. */
export function requireReady(inventory: Inventory): void {
  const { phase } = inventory;
  if (phase.status === "stopped")
    throw new ReadError({ status: 409, code: "not-calico-ipam", detail: phase.reason });
  if (phase.status === "starting") {
    throw new ReadError({
      status: 503,
      code: "starting",
      detail: `Poolboard is ${phase.progress}.`,
      trouble: phase.trouble,
      retryAfterSeconds: 1,
    });
  }
}

/**
 * For reads of one object: throws 403 with the permission that is missing when its kind may not be read, 503 while it has
 * not been read yet. "There is none" would be a guess.
 */
export function requireKind(inventory: Inventory, kind: Kind): void {
  const missing = inventory.states.missing(kind);
  if (!missing) return;
  const { reason, permission } = missing;
  const detail = `${reason[0]?.toUpperCase()}${reason.slice(1)}.`;
  if (permission) throw new ReadError({ status: 403, code: "forbidden", detail, permission });
  throw new ReadError({ status: 503, code: "starting", detail, retryAfterSeconds: 5 });
}

/** The entry that tells why `field` is null; null when everything it is made from has been read. */
export function unknownOf(inventory: Inventory, field: string, ...from: readonly Kind[]): Unknown | null {
  for (const kind of from) {
    const missing = inventory.states.missing(kind);
    if (missing) return { field, ...missing };
  }
  return null;
}

/** `unknown` as the contract has it: absent when there is nothing to tell. */
export function withUnknown(...entries: readonly (Unknown | null)[]): { unknown?: Unknown[] } {
  const unknown = entries.filter((entry) => entry !== null);
  return unknown.length > 0 ? { unknown } : {};
}

/** One entry for a list whose kind holds objects that cannot be read at all: they are named, not hidden. */
export function unreadableObjects(inventory: Inventory, kind: Kind): Unknown | null {
  const rows = inventory.unreadable(kind);
  if (rows.length === 0) return null;
  const named = rows.slice(0, 5).map((row) => `${row.name} (${row.unreadable.join("; ")})`);
  const more = rows.length > named.length ? ` and ${rows.length - named.length} more` : "";
  return { field: "items", reason: `left out because they cannot be read: ${named.join(", ")}${more}` };
}
