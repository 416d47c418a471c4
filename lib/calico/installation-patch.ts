import type { Pool } from "../ipam/pool.ts";
import {
  type EntryChange,
  entryChange,
  entryFields,
  entryIndex,
  isAdopted,
  poolEntries,
  type PoolEntry,
} from "./installation-pools.ts";
import { list, record, text } from "./reading.ts";

/** A merge patch of the Installation. It replaces lists, so it carries the complete one; it applies to the version that was read only. */
export interface InstallationPatch {
  readonly metadata: { readonly resourceVersion: string };
  readonly spec: { readonly calicoNetwork: { readonly ipPools: readonly PoolEntry[] } };
}

/** Where a pool stands in the Installation. */
export type InstallationPlace =
  /** `ipPools` is the whole list. `adopts`: the pool is exactly what the entry says, label or not. */
  | {
      readonly status: "listed";
      readonly ipPools: readonly PoolEntry[];
      readonly index: number;
      readonly adopts: boolean;
    }
  /** The entry comes from the Installation named `overlay`, which the operator merges in. */
  | { readonly status: "overlaid"; readonly index: number }
  | { readonly status: "absent" };

/** Newer operators keep their defaults out of the spec: where that says nothing, the list they work from is `status.computed`. */
export function installationPlace(installation: unknown, pool: Pool): InstallationPlace {
  const written = poolEntries(installation);
  const computed = poolEntries(installation, "computed");
  const ipPools = written ?? computed;
  const index = ipPools === null ? null : entryIndex(ipPools, pool);
  if (ipPools !== null && index !== null)
    return { status: "listed", ipPools, index, adopts: isAdopted(pool, ipPools[index] ?? {}) };
  const overlaid = computed === null ? null : entryIndex(computed, pool);
  return overlaid === null ? { status: "absent" } : { status: "overlaid", index: overlaid };
}

/** The list's own path, and that of an entry. */
export const entryPath = (index: number): string => `spec.calicoNetwork.ipPools[${index}]`;

/** A change of one entry, or its end, in the words of the Installation. */
export interface EntryEdit {
  /** Paths of the fields that the change is about; the entry's own where it goes. Empty: the Installation has no such field. */
  readonly fields: readonly string[];
  /** Null: there is no such field, or the entry says so already, in its words or by the operator's defaults. */
  readonly patch: InstallationPatch | null;
}

/** `change` null: the entry goes, and with it the pool. */
export function editEntry(
  installation: unknown,
  { ipPools, index }: Pick<InstallationPlace & { status: "listed" }, "ipPools" | "index">,
  change: EntryChange | null,
): EntryEdit {
  const entry = ipPools[index] ?? {};
  const resourceVersion = text(record(record(installation).metadata).resourceVersion) ?? "";
  const patch = (all: readonly PoolEntry[]): InstallationPatch => ({
    metadata: { resourceVersion },
    spec: { calicoNetwork: { ipPools: all } },
  });
  if (change === null) return { fields: [entryPath(index)], patch: patch(ipPools.toSpliced(index, 1)) };
  const modes = entryFields(entry) ?? ({ ipipMode: "Never", vxlanMode: "Never" } as const);
  const edit = entryChange(modes, change);
  const fields = Object.keys(edit).map((field) => `${entryPath(index)}.${field}`);
  const edited = { ...entry, ...edit };
  const isSame = JSON.stringify(entryFields(edited)) === JSON.stringify(entryFields(entry));
  if (fields.length === 0 || isSame) return { fields, patch: null };
  return { fields, patch: patch(ipPools.toSpliced(index, 1, edited)) };
}

/** Why the operator says that it cannot do its work; null: it does not. */
export function degradedMessage(installation: unknown): string | null {
  const conditions = list(record(record(installation).status).conditions).map(record);
  const found = conditions.find(({ type, status }) => type === "Degraded" && status === "True");
  return found === undefined ? null : (text(found.message) ?? text(found.reason) ?? "no reason given");
}
