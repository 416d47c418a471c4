"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { formatSort } from "@/components/ui/column.ts";
import { countText } from "@/components/ui/count.ts";
import { DataTable } from "@/components/ui/data-table.tsx";
import { FilterBar, FilterText, Segments } from "@/components/ui/filter-bar.tsx";
import { FilterChips } from "@/components/ui/filter-chips.tsx";
import { ListState } from "@/components/ui/list-state.tsx";
import { usePoolOptions } from "@/components/ui/name-options.ts";
import { Page, PageHeader } from "@/components/ui/page-header.tsx";
import { Empty } from "@/components/ui/states.tsx";
import { ColumnChooser, CsvButton, useColumns, useSort } from "@/components/ui/table-tools.tsx";
import { useUrlState } from "@/components/ui/use-url-state.ts";
import { useWindowed } from "@/components/ui/use-windowed.ts";
import type { Namespace } from "@/lib/contract/namespaces.ts";
import { namespaceQueries } from "@/lib/queries/namespaces.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { EditPools } from "./edit-pools.tsx";
import { namespaceColumns } from "./namespace-columns.tsx";
import { NamespacePhoneRow } from "./namespace-phone-row.tsx";

export function NamespacesPage() {
  const { params, set } = useUrlState();
  const edit = useCallback((namespace: Namespace) => set({ edit: namespace.name }, "push"), [set]);
  const columns = useMemo(() => namespaceColumns(edit), [edit]);
  const { sort, onSort } = useSort(columns, { id: "name", desc: false });
  const visible = useColumns(columns);
  const options = usePoolOptions();
  const filter = { pool: params.get("pool"), problem: params.get("problem"), q: params.get("q") };
  const list = useWindowed(namespaceQueries.list({ ...filter, sort: formatSort(sort) }));
  const failing = useWindowed(namespaceQueries.list({ problem: "true" }));
  const pools = useQuery(poolQueries.list()).data?.items ?? [];
  const edited = params.get("edit");
  const narrowed = Object.values(filter).some((value) => value !== null);

  return (
    <Page>
      <PageHeader title="Namespaces" count={list.total === null ? undefined : countText(list.total)} />
      <FilterBar
        tools={
          <>
            <ColumnChooser columns={columns} chosen={visible} />
            <CsvButton name="namespaces" columns={columns} rows={list.rows} />
          </>
        }
      >
        <FilterText label="Filter namespaces" placeholder="Filter by name, pool" />
        <Segments
          label="Which namespaces"
          value={filter.problem === "true" ? "problem" : "all"}
          options={[
            { value: "all", label: "All" },
            { value: "problem", label: "Pods will fail", count: failing.total },
          ]}
          onChange={(value) => set({ problem: value === "problem" ? "true" : null })}
        />
        <FilterChips fields={[{ param: "pool", label: "Pool", values: options }]} />
      </FilterBar>
      <ListState list={list} what="namespaces">
        <DataTable
          label="Namespaces"
          columns={columns}
          rows={list.rows}
          rowId={(namespace) => namespace.name}
          sort={sort}
          onSort={onSort}
          serverSorted
          visibility={visible.visibility}
          rowHeight={44}
          phoneRow={(namespace) => <NamespacePhoneRow namespace={namespace} onEdit={edit} />}
          selectedId={edited}
          onEnd={list.more}
          empty={
            narrowed ? (
              <Empty title="No namespace matches" detail="Drop the filter or change the text.">
                <Button onClick={() => set({ pool: null, problem: null, q: null })}>
                  Show all namespaces
                </Button>
              </Empty>
            ) : (
              <Empty
                title="This cluster has no namespace"
                detail="A namespace shows up here as soon as it exists, with the pools its pods take addresses from."
              />
            )
          }
        />
      </ListState>
      {edited === null ? null : (
        <EditPools key={edited} name={edited} pools={pools} onClose={() => set({ edit: null })} />
      )}
    </Page>
  );
}
