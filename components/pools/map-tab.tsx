"use client";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import type { Pool } from "@/lib/contract/pools.ts";
import { poolMapQueries } from "@/lib/queries/pool-map.ts";
import { BlockDrawer } from "../blocks/block-drawer.tsx";
import { BlockMap } from "../blocks/block-map.tsx";
import { BlocksTable } from "../blocks/blocks-table.tsx";
import { MapLegend } from "../blocks/map-legend.tsx";
import {
  type LegendKey,
  legendKeys,
  matchesKey,
  nextClaimed,
  rowOf,
  rowOfName,
  slotName,
} from "../blocks/map-model.ts";
import { QueryView } from "../ui/query-view.tsx";
import { Empty } from "../ui/states.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import classes from "./map-tab.module.css";

/** The pool's blocks as a map and as a table, which select together, and the block that is open. */
export function MapTab({ pool }: { pool: Pool }) {
  const query = useQuery(poolMapQueries.map(pool.name));
  return (
    <QueryView query={query} what={`Reading the blocks of ${pool.name}`}>
      {(map) => <MapAndTable pool={pool} map={map} />}
    </QueryView>
  );
}

function MapAndTable({ pool, map }: { pool: Pool; map: PoolMap }) {
  const { params, set } = useUrlState();
  const name = params.get("block");
  const row = useMemo(() => (name === null ? null : rowOfName(map, name)), [map, name]);
  const shown = params.get("show");
  const only = legendKeys.find((key) => key === shown) ?? null;
  const open = (at: number) => set({ block: slotName(map, at).name, ip: null });
  const close = () => set({ block: null, ip: null });
  const claimed = row !== null && map.used[row] !== 0;
  const step = (by: 1 | -1) => {
    const next = row === null ? null : nextClaimed(map, row, by);
    return next === null ? null : () => open(next);
  };
  return (
    <>
      {map.header.rows === 0 ? (
        <Empty
          title="No block is claimed yet"
          detail="A node claims its first block when it gives the first address."
        />
      ) : (
        <>
          <BlockMap map={map} selected={row} only={only} onOpen={open} onEscape={close} />
          <MapLegend map={map} only={only} onOnly={(key: LegendKey | null) => set({ show: key })} />
        </>
      )}
      <div className={classes.table}>
        <BlocksTable
          pool={pool.name}
          selected={name}
          onOpen={(block) => set({ block: block.name, ip: null })}
          {...(only === null
            ? {}
            : {
                filter: (block) => {
                  const at = rowOf(map, block.cidr);
                  return at !== null && matchesKey(map, at, only);
                },
              })}
        />
      </div>
      {row === null || name === null || !claimed ? null : (
        <BlockDrawer
          key={name}
          name={name}
          cidr={slotName(map, row).cidr}
          pool={pool.name}
          selectedIp={params.get("ip")}
          onSelectIp={(ip) => set({ ip })}
          onPrevious={step(-1)}
          onNext={step(1)}
          onClose={close}
        />
      )}
    </>
  );
}
