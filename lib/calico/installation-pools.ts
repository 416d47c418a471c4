import { AddressError, formatAddressFull } from "../ipam/address.ts";
import { type Cidr, firstAddress, parseCidr, sameCidr } from "../ipam/cidr.ts";
import type { AllowedUse, EncapMode, Pool } from "../ipam/pool.ts";
import { list, type RawRecord, record, text } from "./reading.ts";

/**
 * `spec.calicoNetwork.ipPools` of the operator's Installation: one entry for each pool that the operator keeps. Entries stay as they
 * are stored; fields that are not known here survive a change.
 * Source: tigera/operator api/v1/installation_types.go, pkg/controller/ippool
 */
export type PoolEntry = RawRecord;

/** The label by which the operator knows its pools. */
export const OPERATOR_LABEL = { "app.kubernetes.io/managed-by": "tigera-operator" } as const;

/** A pool that carries it is left alone, whatever the Installation says. Not supported by the operator's makers. */
export const IGNORE_ANNOTATION = "unsupported.operator.tigera.io/ignore";

/** The entries as somebody wrote them, or after the operator's overlay was merged in. Null: it says nothing, and the operator chooses. */
export function poolEntries(installation: unknown, from: "spec" | "computed" = "spec"): PoolEntry[] | null {
  const root = record(installation);
  const spec = from === "spec" ? root.spec : record(root.status).computed;
  const entries = record(record(spec).calicoNetwork).ipPools;
  return Array.isArray(entries) ? list(entries).map(record) : null;
}

/** The range in its canonical spelling; null when it cannot be read. */
export function entryCidr(entry: PoolEntry): Cidr | null {
  if (typeof entry.cidr !== "string") return null;
  try {
    return parseCidr(entry.cidr).cidr;
  } catch (error) {
    if (error instanceof AddressError) return null;
    throw error;
  }
}

/** Where the pool stands in the list; null: nowhere. The operator goes by the range, not by the name. */
export function entryIndex(entries: readonly PoolEntry[], { cidr }: Pick<Pool, "cidr">): number | null {
  const at = entries.findIndex((entry) => {
    const own = entryCidr(entry);
    return own !== null && sameCidr(own, cidr);
  });
  return at < 0 ? null : at;
}

type EntryFields = Pick<
  Pool,
  | "disabled"
  | "natOutgoing"
  | "ipipMode"
  | "vxlanMode"
  | "disableBGPExport"
  | "nodeSelector"
  | "allowedUses"
  | "assignmentMode"
  | "blockSize"
>;

/** Encapsulations by the two modes of a pool that they stand for. */
const encapsulations: Readonly<Record<string, readonly [ipip: EncapMode, vxlan: EncapMode]>> = {
  None: ["Never", "Never"],
  IPIP: ["Always", "Never"],
  IPIPCrossSubnet: ["CrossSubnet", "Never"],
  VXLAN: ["Never", "Always"],
  VXLANCrossSubnet: ["Never", "CrossSubnet"],
};

function encapsulationOf({ ipipMode, vxlanMode }: Pick<Pool, "ipipMode" | "vxlanMode">): string {
  // With both on Calico uses VXLAN.
  const found = Object.entries(encapsulations).find(
    ([, [ipip, vxlan]]) => vxlan === vxlanMode && (vxlan !== "Never" || ipip === ipipMode),
  );
  return found?.[0] ?? "None";
}

/** What the operator makes of an entry; what it does not say has the operator's default. Null without a readable range. */
export function entryFields(entry: PoolEntry): EntryFields | null {
  const cidr = entryCidr(entry);
  if (cidr === null) return null;
  const four = cidr.family === 4;
  const [ipipMode, vxlanMode] = encapsulations[text(entry.encapsulation) ?? (four ? "IPIP" : "None")] ?? [
    "Never",
    "Never",
  ];
  const uses = list(entry.allowedUses).filter(isUse);
  return {
    disabled: entry.disableNewAllocations === true,
    natOutgoing: (text(entry.natOutgoing) ?? (four ? "Enabled" : "Disabled")) === "Enabled",
    ipipMode,
    vxlanMode,
    disableBGPExport: entry.disableBGPExport === true,
    nodeSelector: text(entry.nodeSelector) ?? "all()",
    allowedUses: uses.length > 0 ? uses : ["Workload", "Tunnel"],
    assignmentMode: entry.assignmentMode === "Manual" ? "Manual" : "Automatic",
    blockSize: typeof entry.blockSize === "number" ? entry.blockSize : four ? 26 : 122,
  };
}

const isUse = (use: unknown): use is AllowedUse =>
  use === "Workload" || use === "Tunnel" || use === "LoadBalancer";

/**
 * Whether the operator takes a pool without its label for its own: name, range and every mapped field are those of the entry.
 * A namespace selector does not count, the operator has no such field.
 */
export function isAdopted(pool: Pool, entry: PoolEntry): boolean {
  const fields = entryFields(entry);
  if (fields === null || (text(entry.name) ?? pool.name) !== pool.name) return false;
  return Object.entries(fields).every(
    ([field, value]) => JSON.stringify(value) === JSON.stringify(pool[field as keyof EntryFields]),
  );
}

/** Fields of a pool that are to become something else; what is absent stays. `namespaceSelector` null: every namespace. */
export type EntryChange = Partial<Omit<EntryFields, "blockSize">> & {
  readonly namespaceSelector?: string | null;
};

/** The same change in an entry's words: field → value. `namespaceSelector` has no place there and is left out. */
export function entryChange(
  pool: Pick<Pool, "ipipMode" | "vxlanMode">,
  change: EntryChange,
): Record<string, unknown> {
  const { disabled, natOutgoing, ipipMode, vxlanMode, disableBGPExport, nodeSelector } = change;
  const { allowedUses, assignmentMode } = change;
  const modes = { ipipMode: ipipMode ?? pool.ipipMode, vxlanMode: vxlanMode ?? pool.vxlanMode };
  return {
    ...(disabled === undefined ? {} : { disableNewAllocations: disabled }),
    ...(natOutgoing === undefined ? {} : { natOutgoing: natOutgoing ? "Enabled" : "Disabled" }),
    ...(ipipMode === undefined && vxlanMode === undefined ? {} : { encapsulation: encapsulationOf(modes) }),
    ...(disableBGPExport === undefined ? {} : { disableBGPExport }),
    // The operator refuses an empty one; Calico reads it as this.
    ...(nodeSelector === undefined ? {} : { nodeSelector: nodeSelector === "" ? "all()" : nodeSelector }),
    ...(allowedUses === undefined ? {} : { allowedUses }),
    ...(assignmentMode === undefined ? {} : { assignmentMode }),
  };
}

/** An entry with everything that the operator fills in. `pools`: those there are, for the name. */
export function filledEntry(
  entry: PoolEntry,
  entries: readonly PoolEntry[],
  pools: readonly Pool[],
): PoolEntry {
  const fields = entryFields(entry);
  const cidr = entryCidr(entry);
  if (fields === null || cidr === null) return entry;
  const known = pools.find((pool) => sameCidr(pool.cidr, cidr));
  const defaults = {
    name: known?.name ?? defaultName(cidr, entries),
    blockSize: fields.blockSize,
    ...entryChange(fields, fields),
  };
  const given = Object.entries(entry).filter(([, value]) => value !== null && value !== "");
  return { ...defaults, ...Object.fromEntries(given) };
}

/** A single pool, or one of each family, gets the name that Calico itself would give; any other one is named after its range. */
function defaultName(cidr: Cidr, entries: readonly PoolEntry[]): string {
  const families = entries.map((entry) => entryCidr(entry)?.family);
  const isPair = families.length === 2 && families[0] !== families[1];
  if (families.length === 1 || isPair) return `default-ipv${cidr.family}-ippool`;
  return `${formatAddressFull(firstAddress(cidr)).replaceAll(":", ".")}-${cidr.prefix}`;
}
