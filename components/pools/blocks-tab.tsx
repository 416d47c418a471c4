"use client";
import { useQuery } from "@tanstack/react-query";
import type { Pool } from "@/lib/contract/pools.ts";
import { blockQueries } from "@/lib/queries/blocks.ts";
import { blockColumns } from "../blocks/block-columns.tsx";
import { BlockDrawer } from "../blocks/block-drawer.tsx";
import { BlocksTable } from "../blocks/blocks-table.tsx";
import { SaveBlocks } from "../blocks/save-blocks.tsx";
import { FilterBar, FilterText } from "../ui/filter-bar.tsx";
import { ColumnChooser, useColumns } from "../ui/table-tools.tsx";
import { useUrlState } from "../ui/use-url-state.ts";

/** Every block of the pool with all that is known of it. */
export function BlocksTab({ pool }: { pool: Pool }) {
  const { params, set } = useUrlState();
  const chosen = useColumns(blockColumns);
  const name = params.get("block");
  const block = useQuery({ ...blockQueries.detail(name ?? ""), enabled: name !== null }).data;
  return (
    <>
      <FilterBar
        tools={
          <>
            <ColumnChooser columns={blockColumns} chosen={chosen} />
            <SaveBlocks pool={pool.name} q={params.get("q")} />
          </>
        }
      >
        <FilterText label="Filter blocks" placeholder="Filter by CIDR, node" />
      </FilterBar>
      <BlocksTable
        pool={pool.name}
        selected={name}
        visibility={{ ...chosen.visibility, affinity: true }}
        q={params.get("q")}
        // So that Back closes it.
        onOpen={(each) => set({ block: each.name, ip: null }, name === null ? "push" : "replace")}
      />
      {name === null ? null : (
        <BlockDrawer
          key={name}
          name={name}
          cidr={block?.cidr ?? name}
          pool={pool.name}
          selectedIp={params.get("ip")}
          onSelectIp={(ip) => set({ ip })}
          onPrevious={null}
          onNext={null}
          onClose={() => set({ block: null, ip: null })}
        />
      )}
    </>
  );
}
