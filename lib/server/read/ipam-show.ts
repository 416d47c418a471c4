import type { IpamShow } from "../../contract/ipam-show.ts";
import { formatCsv } from "../../format/csv.ts";
import { ipamShowTable, ipamShowText, type ShowLayout, type ShowTable } from "../../format/ipam-show.ts";
import { compareNames } from "../../ipam/cidr-name.ts";
import type { BlockUse, PoolUse } from "../../ipam/utilization.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { remembered } from "./remembered.ts";
import { requireKind, requireReady, unreadableObjects, withUnknown } from "./ready.ts";

export interface IpamShowOptions {
  readonly blocks?: boolean;
  /** The layout of the cluster's Calico unless said. */
  readonly layout?: ShowLayout | undefined;
}

/** `calicoctl ipam show` as data. */
export function readIpamShow(inventory: Inventory, options: IpamShowOptions): IpamShow {
  const answer = shown(inventory, options, "rows", ({ layout, header, entries }) => ({
    layout,
    columns: [...header],
    rows: entries.map((entry) => ({
      ...entry,
      total: String(entry.total),
      inUse: String(entry.inUse),
      reserved: entry.reserved === null ? null : String(entry.reserved),
      free: String(entry.free),
      cells: [...entry.cells],
    })),
  }));
  return {
    ...answer,
    ...withUnknown(unreadableObjects(inventory, "blocks"), unreadableObjects(inventory, "pools")),
  };
}

/** `calicoctl ipam show` to the character, or the same cells as CSV. */
export function printIpamShow(
  inventory: Inventory,
  { format, ...options }: IpamShowOptions & { format: "text" | "csv" },
): string {
  return shown(inventory, options, format, format === "csv" ? formatCsv : ipamShowText);
}

/**
 * The table in some form, made once at one version. Throws 403 or 503 without pools and blocks (and reservations, where the
 * layout counts them): half a table would lie.
 */
function shown<Form>(
  inventory: Inventory,
  { blocks = false, layout = clusterLayout(inventory) }: IpamShowOptions,
  form: "rows" | "text" | "csv",
  make: (table: ShowTable) => Form,
): Form {
  requireReady(inventory);
  requireKind(inventory, "pools");
  requireKind(inventory, "blocks");
  if (layout === "v3.33") requireKind(inventory, "reservations");
  const key = `ipam show ${layout} ${blocks}`;
  return remembered(inventory, `${key} as ${form}`, () =>
    make(remembered(inventory, key, () => ipamShowTable(usesOf(inventory, blocks), layout, blocks))),
  );
}

/** Five columns up to v3.32, six from v3.33 on; the newer one when the version is not known. */
function clusterLayout({ detection, settings }: Inventory): ShowLayout {
  const version = detection?.version ?? settings.clusterInformation?.calicoVersion ?? "";
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  const isOld = major !== undefined && minor !== undefined && Number(major) * 1000 + Number(minor) < 3033;
  return isOld ? "v3.32" : "v3.33";
}

/** What `utilization` counts, from the sums that are kept anyway; without blocks nothing of them is looked at. */
function usesOf({ space }: Inventory, withBlocks: boolean): PoolUse[] {
  const blocks = withBlocks ? blocksByPool(space) : new Map<string | null, BlockUse[]>();
  const pools = [...space.pools].sort((one, other) => compareNames(one.name, other.name));
  const uses = pools.map((row): PoolUse => {
    const tally = space.tallies.pool(row.name);
    const { capacity, reserved, freeOutsideBlocks } = space.space(row);
    return {
      pool: { name: row.name, cidr: row.pool.cidr },
      capacity,
      inUse: BigInt(tally.inUse),
      reserved,
      free: BigInt(tally.free) + freeOutsideBlocks,
      blocks: blocks.get(row.name) ?? [],
    };
  });
  const orphans = {
    pool: null,
    capacity: 2n ** 32n,
    inUse: 0n,
    reserved: 0n,
    free: 0n,
    blocks: blocks.get(null) ?? [],
  };
  return [...uses, orphans];
}

function blocksByPool({ blocks }: Inventory["space"]): Map<string | null, BlockUse[]> {
  const found = new Map<string | null, BlockUse[]>();
  for (const row of blocks.ordered("name", (one, other) => compareNames(one.name, other.name))) {
    // The group of orphans is 0.0.0.0/0: IPv6 blocks outside every pool are in no group at all.
    if (row.pool === null && row.cidr.family === 6) continue;
    const own = found.get(row.pool);
    if (own) own.push(useOf(row));
    else found.set(row.pool, [useOf(row)]);
  }
  return found;
}

function useOf({ cidr, counts }: BlockRow): BlockUse {
  return {
    cidr,
    capacity: counts.capacity,
    inUse: counts.inUse,
    reserved: counts.reserved,
    free: counts.free,
  };
}
