import { formatCidr } from "../ipam/cidr.ts";
import type { PoolUse } from "../ipam/utilization.ts";
import { formatG5, wholePercent } from "./go-number.ts";
import { goPrettyTable, tablewriterTable, type TextTable } from "./text-table.ts";

/** Five columns up to v3.32, six (IPS RESERVED) from v3.33 on. */
export type ShowLayout = "v3.32" | "v3.33";

interface ShowRow {
  readonly grouping: "IP Pool" | "Block";
  readonly cidr: string;
  /** Name of the pool; null for a block outside every pool. */
  readonly pool: string | null;
  readonly total: bigint;
  readonly inUse: bigint;
  /** Null in the v3.32 layout, which does not know reservations. */
  readonly reserved: bigint | null;
  readonly free: bigint;
  /** As printed, one per column. */
  readonly cells: readonly string[];
}

export interface ShowTable extends TextTable {
  readonly layout: ShowLayout;
  readonly entries: readonly ShowRow[];
}

const HEADERS: Readonly<Record<ShowLayout, readonly string[]>> = {
  "v3.32": ["GROUPING", "CIDR", "IPS TOTAL", "IPS IN USE", "IPS FREE"],
  "v3.33": ["GROUPING", "CIDR", "IPS TOTAL", "IPS IN USE", "IPS RESERVED", "IPS FREE"],
};

/**
 * The table of `calicoctl ipam show`, or of `--show-blocks`. Blocks outside every pool come last, without a pool row, and
 * only with blocks. Figures are the intended ones: for IPv6 pools of /65 and shorter calicoctl ≥ 3.33 prints the
 * overflow of a 64-bit number instead (9.2234e+18, free even negative).
 * Source: projectcalico/calico@87c1590 calicoctl/calicoctl/commands/ipam/show.go; v3.32.1 for the five columns.
 */
export function ipamShowTable(uses: readonly PoolUse[], layout: ShowLayout, blocks: boolean): ShowTable {
  const entries = uses.flatMap(({ pool, ...use }) => {
    const name = pool?.name ?? null;
    const own =
      pool === null
        ? []
        : [showRow(layout, "IP Pool", formatCidr(pool.cidr), name, { total: use.capacity, ...use })];
    if (!blocks) return own;
    const ofBlocks = use.blocks.map((block) =>
      showRow(layout, "Block", formatCidr(block.cidr), name, {
        total: BigInt(block.capacity),
        inUse: BigInt(block.inUse),
        reserved: BigInt(block.reserved),
        free: BigInt(block.free),
      }),
    );
    return [...own, ...ofBlocks];
  });
  return { layout, entries, header: HEADERS[layout], rows: entries.map((entry) => entry.cells) };
}

/** As calicoctl prints it, down to the last blank; ends in a line break. */
export function ipamShowText(table: ShowTable): string {
  return table.layout === "v3.32" ? tablewriterTable(table) : goPrettyTable(table, [2, 3, 4, 5]);
}

interface Figures {
  readonly total: bigint;
  readonly inUse: bigint;
  readonly reserved: bigint;
  readonly free: bigint;
}

function showRow(
  layout: ShowLayout,
  grouping: ShowRow["grouping"],
  cidr: string,
  pool: string | null,
  figures: Figures,
): ShowRow {
  const { total, inUse } = figures;
  const cell = (count: bigint) => `${formatG5(count)} (${wholePercent(count, total)}%)`;
  const head = [grouping, cidr, formatG5(total), cell(inUse)];
  const row = { grouping, cidr, pool, total, inUse };
  if (layout === "v3.32") {
    const free = total - inUse;
    return { ...row, reserved: null, free, cells: [...head, cell(free)] };
  }
  const { reserved, free } = figures;
  return { ...row, reserved, free, cells: [...head, cell(reserved), cell(free)] };
}
