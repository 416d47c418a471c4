"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { Pool } from "@/lib/contract/pools.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { DataTable } from "../ui/data-table.tsx";
import { FilterBar, FilterText, Segments } from "../ui/filter-bar.tsx";
import { lazily } from "../ui/lazily.tsx";
import { LeftOut } from "../ui/list-state.tsx";
import { Page, PageHeader } from "../ui/page-header.tsx";
import { MissingNotice, Unreadable } from "../ui/missing.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Empty } from "../ui/states.tsx";
import { SaveRows } from "../ui/save-buttons.tsx";
import { ColumnChooser, useColumns, useSort } from "../ui/table-tools.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { unexplained } from "../ui/use-windowed.ts";
import { CreateDialogs } from "./create-dialogs.tsx";
import { poolColumns } from "./pool-columns.tsx";
import { poolHref } from "./pool-name.tsx";
import { PoolPhoneRow } from "./pool-phone-row.tsx";
import { UsageLegend } from "./pool-usage.tsx";
import { countIn, matchesSegment, matchesText, segmentsOf } from "./pool-filter.ts";
import { ToggleProvider } from "./toggle-flow.tsx";

const NoPools = lazily(async () => (await import("./no-pools.tsx")).NoPools);

const byName = { id: "name", desc: false };

/** Every pool: state, use, owner, and the switch. */
export function PoolsPage() {
  const query = useQuery(poolQueries.list());
  const pools = query.data?.items ?? null;
  const { set } = useUrlState();
  return (
    <ToggleProvider>
      <Page>
        <PageHeader
          title="Pools"
          count={pools?.length}
          actions={
            pools?.length === 0 ? undefined : (
              <>
                <Button onClick={() => set({ new: "yaml" })}>Paste YAML</Button>
                <Button variant="filled" onClick={() => set({ new: "form" })}>
                  New pool
                </Button>
              </>
            )
          }
        />
        <QueryView query={query} what="Reading pools">
          {({ items, unknown }) => {
            if (items === null)
              return (
                <Unreadable
                  what="pools"
                  missing={unknown?.[0] ?? unexplained}
                  onRetry={() => void query.refetch()}
                />
              );
            return (
              <>
                <LeftOut
                  what="pools"
                  reason={unknown?.find(({ field }) => field === "items")?.reason ?? null}
                />
                <MissingNotice of={items} />
                {items.length === 0 ? <NoPools /> : <PoolsTable pools={items} />}
              </>
            );
          }}
        </QueryView>
      </Page>
      <CreateDialogs />
    </ToggleProvider>
  );
}

function PoolsTable({ pools }: { pools: readonly Pool[] }) {
  const router = useRouter();
  const { params, set } = useUrlState();
  const { sort, onSort } = useSort(poolColumns, byName);
  const chosen = useColumns(poolColumns);
  const text = params.get("q") ?? "";
  const segment = params.get("state") ?? "";
  const found = pools.filter((pool) => matchesText(pool, text));
  const rows = found.filter((pool) => matchesSegment(pool, segment));
  return (
    <>
      <FilterBar
        tools={
          <>
            <UsageLegend />
            <ColumnChooser columns={poolColumns} chosen={chosen} />
            <SaveRows name="pools" columns={poolColumns} rows={rows} empty={rows.length === 0} />
          </>
        }
      >
        <FilterText label="Filter pools" placeholder="Filter by name, CIDR, selector" />
        <Segments
          label="Which pools"
          value={segment}
          onChange={(value) => set({ state: value })}
          options={segmentsOf(pools).map(({ value, label }) => ({
            value,
            label,
            count: countIn(found, value),
          }))}
        />
      </FilterBar>
      <DataTable
        label="Pools"
        columns={poolColumns}
        rows={rows}
        rowId={(pool) => pool.name}
        sort={sort}
        onSort={onSort}
        visibility={chosen.visibility}
        rowHeight={60}
        onOpen={(pool) => router.push(poolHref(pool.name))}
        phoneRow={(pool) => <PoolPhoneRow pool={pool} />}
        empty={
          <Empty title="No pool matches" detail={`${pools.length} pools are hidden by the filter.`}>
            <Button onClick={() => set({ q: null, state: null })}>Show all pools</Button>
          </Empty>
        }
      />
    </>
  );
}
