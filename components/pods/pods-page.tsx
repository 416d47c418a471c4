"use client";
import { Button } from "@mantine/core";
import { useMemo } from "react";
import { countText } from "@/components/ui/count.ts";
import { DataTable } from "@/components/ui/data-table.tsx";
import { FilterBar, FilterText, Segments } from "@/components/ui/filter-bar.tsx";
import { FilterChips, type FilterField } from "@/components/ui/filter-chips.tsx";
import { ListState } from "@/components/ui/list-state.tsx";
import { useNamespaceOptions, useNodeOptions, usePoolOptions } from "@/components/ui/name-options.ts";
import { Page, PageHeader } from "@/components/ui/page-header.tsx";
import { Empty } from "@/components/ui/states.tsx";
import { ColumnChooser, CsvButton, useColumns, useSort } from "@/components/ui/table-tools.tsx";
import { formatSort } from "@/components/ui/column.ts";
import { useUrlState } from "@/components/ui/use-url-state.ts";
import { useWindowed } from "@/components/ui/use-windowed.ts";
import { podStates } from "@/lib/contract/pods.ts";
import { podQueries } from "@/lib/queries/pods.ts";
import { FailureCard } from "./failure-card.tsx";
import { podColumns, podStateWords } from "./pod-columns.tsx";
import { PodPhoneRow } from "./pod-phone-row.tsx";
import { type Grouping, groupings, PodGroups } from "./pod-groups.tsx";
import classes from "./pods-page.module.css";

const stateOptions = podStates.map((state) => ({ value: state, label: podStateWords[state] }));
const groupWords: Record<Grouping, string> = { block: "Block", node: "Node", pool: "Pool", none: "None" };
/** The order in which the members of a group follow each other. */
const groupSort: Record<Exclude<Grouping, "none">, string> = { block: "ip", node: "node", pool: "ip" };
/** Failing pods explained at the top; the rest is a filter away. */
const explained = 3;

export function PodsPage() {
  const { params, set } = useUrlState();
  const grouping = groupings.find((each) => each === params.get("group")) ?? "none";
  const { sort, onSort } = useSort(podColumns, { id: "name", desc: false });
  const columns = useColumns(podColumns);
  const fields: readonly FilterField[] = [
    { param: "namespace", label: "Namespace", values: useNamespaceOptions() },
    { param: "pool", label: "Pool", values: usePoolOptions() },
    { param: "node", label: "Node", values: useNodeOptions() },
    { param: "state", label: "State", values: stateOptions },
    { param: "block", label: "Block" },
  ];
  const filter = {
    namespace: params.get("namespace"),
    pool: params.get("pool"),
    node: params.get("node"),
    block: params.get("block"),
    state: params.get("state"),
    q: params.get("q"),
  };
  const list = useWindowed(
    podQueries.list({ ...filter, sort: grouping === "none" ? formatSort(sort) : groupSort[grouping] }),
  );
  const failing = useWindowed(
    podQueries.list({ namespace: filter.namespace, state: "noAddress", sort: "-createdAt" }),
  );
  const cards = failing.rows.filter((pod) => pod.failure !== null).slice(0, explained);
  const more = (failing.total ?? 0) - cards.length;
  const narrowed = Object.values(filter).some((value) => value !== null);
  const shown = useMemo(
    () =>
      podColumns.filter((column) => columns.visibility[column.id] && column.id !== groupedColumn(grouping)),
    [columns.visibility, grouping],
  );

  return (
    <Page>
      <PageHeader
        title="Pods"
        count={list.total === null ? undefined : countText(list.total)}
        actions={<CsvButton name="pods" columns={podColumns} rows={list.rows} />}
      />
      <FilterBar
        tools={
          <>
            <span className={classes.label}>Group by</span>
            <Segments
              label="Group by"
              value={grouping}
              options={groupings.map((value) => ({ value, label: groupWords[value] }))}
              onChange={(value) => set({ group: value === "none" ? null : value })}
            />
            <ColumnChooser columns={podColumns} chosen={columns} />
          </>
        }
      >
        <FilterText label="Filter pods" placeholder="Filter by pod, address, node" />
        <FilterChips fields={fields.filter((field) => field.values || params.get(field.param))} />
      </FilterBar>
      {cards.map((pod) => (
        <FailureCard key={pod.uid} pod={pod} />
      ))}
      {cards.length > 0 && more > 0 ? (
        <Button className={classes.more} onClick={() => set({ state: "noAddress" }, "push")}>
          Show {more} more without an address
        </Button>
      ) : null}
      <ListState list={list} what="pods">
        {list.rows.length === 0 ? (
          narrowed ? (
            <Empty title="No pod matches" detail="Drop a filter or change the text.">
              <Button onClick={() => set(Object.fromEntries(Object.keys(filter).map((key) => [key, null])))}>
                Show all pods
              </Button>
            </Empty>
          ) : (
            <Empty
              title="No pod runs in this cluster"
              detail="A pod shows up here as soon as it exists, with its address, node and pool."
            />
          )
        ) : grouping === "none" ? (
          <DataTable
            label="Pods"
            columns={podColumns}
            rows={list.rows}
            rowId={(pod) => pod.uid}
            sort={sort}
            onSort={onSort}
            serverSorted
            visibility={columns.visibility}
            phoneRow={(pod) => <PodPhoneRow pod={pod} />}
            onEnd={list.more}
          />
        ) : (
          <PodGroups list={list} grouping={grouping} columns={shown} />
        )}
      </ListState>
    </Page>
  );
}

function groupedColumn(grouping: Grouping): string | null {
  if (grouping === "block") return "blocks";
  if (grouping === "pool") return "pools";
  return grouping === "node" ? "node" : null;
}
