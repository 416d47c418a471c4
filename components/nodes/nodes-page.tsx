"use client";
import { Button } from "@mantine/core";
import { formatSort } from "@/components/ui/column.ts";
import { countText } from "@/components/ui/count.ts";
import { DataTable } from "@/components/ui/data-table.tsx";
import { FilterBar, FilterText } from "@/components/ui/filter-bar.tsx";
import { FilterChips } from "@/components/ui/filter-chips.tsx";
import { ListState } from "@/components/ui/list-state.tsx";
import { usePoolOptions } from "@/components/ui/name-options.ts";
import { Page, PageHeader } from "@/components/ui/page-header.tsx";
import { Empty } from "@/components/ui/states.tsx";
import { ColumnChooser, CsvButton, useColumns, useSort } from "@/components/ui/table-tools.tsx";
import { useUrlState } from "@/components/ui/use-url-state.ts";
import { useWindowed } from "@/components/ui/use-windowed.ts";
import { nodeQueries } from "@/lib/queries/nodes.ts";
import { nodeColumns } from "./node-columns.tsx";
import { NodePhoneRow } from "./node-phone-row.tsx";

export function NodesPage() {
  const { params, set } = useUrlState();
  const { sort, onSort } = useSort(nodeColumns, { id: "name", desc: false });
  const columns = useColumns(nodeColumns);
  const pools = usePoolOptions();
  const filter = { pool: params.get("pool"), q: params.get("q") };
  const list = useWindowed(nodeQueries.list({ ...filter, sort: formatSort(sort) }));
  const narrowed = filter.pool !== null || filter.q !== null;

  return (
    <Page>
      <PageHeader title="Nodes" count={list.total === null ? undefined : countText(list.total)} />
      <FilterBar
        tools={
          <>
            <ColumnChooser columns={nodeColumns} chosen={columns} />
            <CsvButton name="nodes" columns={nodeColumns} rows={list.rows} />
          </>
        }
      >
        <FilterText label="Filter nodes" placeholder="Filter by node, address" />
        <FilterChips fields={[{ param: "pool", label: "Pool", values: pools }]} />
      </FilterBar>
      <ListState list={list} what="nodes">
        <DataTable
          label="Nodes"
          columns={nodeColumns}
          rows={list.rows}
          rowId={(node) => node.name}
          sort={sort}
          onSort={onSort}
          serverSorted
          visibility={columns.visibility}
          rowHeight={44}
          phoneRow={(node) => <NodePhoneRow node={node} />}
          onEnd={list.more}
          empty={
            narrowed ? (
              <Empty title="No node matches" detail="Drop the filter or change the text.">
                <Button onClick={() => set({ pool: null, q: null })}>Show all nodes</Button>
              </Empty>
            ) : (
              <Empty
                title="This cluster has no node"
                detail="Without a node no block is claimed and no pod gets an address."
              />
            )
          }
        />
      </ListState>
    </Page>
  );
}
