"use client";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Block } from "@/lib/contract/blocks.ts";
import { type MapColumn, mapColumns, type PoolMap } from "@/lib/contract/pool-map.ts";
import type { Pool } from "@/lib/contract/pools.ts";
import { poolMapQueries } from "@/lib/queries/pool-map.ts";
import { BlockDrawer } from "../blocks/block-drawer.tsx";
import { BlocksTable } from "../blocks/blocks-table.tsx";
import { UnclaimedPanel } from "../blocks/unclaimed-panel.tsx";
import { SaveBlocks } from "../blocks/save-blocks.tsx";
import { type ColourMode, colourModes, columnsOf } from "../pool-map/colour-scheme.ts";
import { rowFilter } from "../pool-map/filter.ts";
import { type LayoutKind, layouts } from "../pool-map/grid.ts";
import { nextClaimed, ordinalOf, reservedOf, rowOf, rowOfName, slotName } from "../pool-map/model.ts";
import type { Spot } from "../pool-map/scene.ts";
import { PoolMapFigure } from "../pool-map/pool-map.tsx";
import { useColouring } from "../pool-map/use-colouring.ts";
import { addressText } from "../pool-map/words.ts";
import { useNow } from "../ui/clock.ts";
import { QueryView } from "../ui/query-view.tsx";
import { Empty } from "../ui/states.tsx";
import { type UrlChange, useUrlState } from "../ui/use-url-state.ts";
import { PoolUse } from "../usage/pool-use.tsx";
import classes from "./map-tab.module.css";

/** The pool's blocks as a map and as a table, which select together, and the block that is open. */
export function MapTab({ pool }: { pool: Pool }) {
  const { params } = useUrlState();
  const layout = layouts.find((each) => each === params.get("layout")) ?? null;
  const mode = colourModes.find((each) => each === params.get("colour")) ?? "use";
  const query = useQuery({
    ...poolMapQueries.map(pool.name, columnsFor(layout, mode)),
    // Another colour or layout of the same pool asks for more columns; meanwhile those that are there are shown.
    placeholderData: (before) => (before?.header.pool === pool.name ? before : undefined),
  });
  return (
    <QueryView query={query} what={`Reading the blocks of ${pool.name}`}>
      {(map) => <MapAndTable pool={pool} map={map} layout={layout} mode={mode} />}
    </QueryView>
  );
}

/** What the layout and the colours look at, in the contract's order. */
function columnsFor(layout: LayoutKind | null, mode: ColourMode): readonly MapColumn[] {
  const wanted = new Set<MapColumn>([...columnsOf[mode], ...(layout === "node" ? (["node"] as const) : [])]);
  return mapColumns.filter((column) => wanted.has(column));
}

interface Props {
  readonly pool: Pool;
  readonly map: PoolMap;
  readonly layout: LayoutKind | null;
  readonly mode: ColourMode;
}

function MapAndTable({ pool, map, layout, mode }: Props) {
  const { params, set } = useUrlState();
  const [name, ip, show] = [params.get("block"), params.get("ip"), params.get("show")];
  // Ages are in hours and days: they need not be counted anew each second.
  const now = useNow(60);
  const colouring = useColouring(map, mode, mode === "age" ? now : 0);
  const filter = useMemo(() => rowFilter(map, colouring, show), [map, colouring, show]);
  const row = useMemo(() => (name === null ? null : rowOfName(map, name)), [map, name]);
  const selected = useMemo(
    () => (row === null ? null : { row, ordinal: ip === null ? null : ordinalOf(map, row, ip) }),
    [map, row, ip],
  );
  // So that Back closes what was opened.
  const select = (change: UrlChange) => set(change, name === null ? "push" : "replace");
  const open = ({ row: at, ordinal }: Spot) =>
    select({ block: slotName(map, at).name, ip: ordinal === null ? null : addressText(map, at, ordinal) });
  const close = () => set({ block: null, ip: null });
  const isShown = (block: Block) => {
    const at = rowOf(map, block.cidr);
    return at !== null && (filter?.has(at) ?? true);
  };
  const shown = filter === null ? {} : { filter: isShown };
  const claimed = row !== null && map.used[row] !== 0;
  const step = (by: 1 | -1) => {
    const next = row === null ? null : nextClaimed(map, row, by);
    return next === null ? null : () => open({ row: next, ordinal: null });
  };
  return (
    <>
      {map.header.possible === "0" ? (
        <Empty title="No block fits into the pool" detail={`A block is a /${map.header.blockSize}.`} />
      ) : map.header.rows === 0 ? (
        <Empty
          title="No block is claimed yet"
          detail="A node claims its first block when it gives the first address."
        />
      ) : (
        <PoolMapFigure
          map={map}
          colouring={colouring}
          layout={layout}
          mode={mode}
          only={filter === null ? null : show}
          filter={filter}
          onOnly={(id) => set({ show: id })}
          selected={selected}
          onOpen={open}
          onEscape={close}
        />
      )}
      <div className={classes.use}>
        <PoolUse pool={pool} />
      </div>
      {/* In a picture the map stands for itself; the blocks tab has one of the table. */}
      <div className={classes.table} data-noshot>
        <div className={classes.tools}>
          <SaveBlocks pool={pool.name} {...shown} />
        </div>
        <BlocksTable
          pool={pool.name}
          selected={name}
          onOpen={(block) => select({ block: block.name, ip: null })}
          {...shown}
        />
      </div>
      {row === null || name === null ? null : !claimed ? (
        <UnclaimedPanel
          key={name}
          cidr={slotName(map, row).cidr}
          pool={pool.name}
          reserved={reservedOf(map, row)}
          onPrevious={step(-1)}
          onNext={step(1)}
          onClose={close}
        />
      ) : (
        <BlockDrawer
          key={name}
          name={name}
          cidr={slotName(map, row).cidr}
          pool={pool.name}
          selectedIp={ip}
          onSelectIp={(each) => set({ ip: each })}
          onPrevious={step(-1)}
          onNext={step(1)}
          onClose={close}
        />
      )}
    </>
  );
}
