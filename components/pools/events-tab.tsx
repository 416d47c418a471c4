"use client";
import { useQuery } from "@tanstack/react-query";
import type { KubernetesEvent } from "@/lib/contract/pool-events.ts";
import type { Pool } from "@/lib/contract/pools.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import type { Column } from "../ui/column.ts";
import { DataTable } from "../ui/data-table.tsx";
import { FilterBar } from "../ui/filter-bar.tsx";
import { Glyph } from "../ui/glyph.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { SaveRows } from "../ui/save-buttons.tsx";
import { Empty } from "../ui/states.tsx";
import { useSort } from "../ui/table-tools.tsx";
import { Age, Foreign, Unknown } from "../ui/value.tsx";
import classes from "./events-tab.module.css";

const columns: readonly Column<KubernetesEvent>[] = [
  {
    id: "reason",
    header: "Reason",
    width: 220,
    value: (event) => event.reason,
    cell: (event) => (
      <span className={classes.reason}>
        {event.type === "Warning" ? <Glyph shape="triangle" tone="warn" /> : null}
        <Foreign>{event.reason}</Foreign>
      </span>
    ),
  },
  {
    id: "message",
    header: "Message",
    value: (event) => event.message,
    cell: (event) => (
      <span className={classes.message}>
        <Foreign>{event.message}</Foreign>
      </span>
    ),
  },
  { id: "source", header: "From", width: 160, value: (event) => event.source },
  { id: "count", header: "Times", width: 80, align: "end", value: (event) => event.count },
  {
    id: "lastSeen",
    header: "Last seen",
    width: 100,
    align: "end",
    value: (event) => event.lastSeen,
    cell: (event) => (event.lastSeen === null ? <Unknown /> : <Age since={event.lastSeen} />),
  },
];
const newest = { id: "lastSeen", desc: true };

/** Kubernetes Events about the pool. */
export function EventsTab({ pool }: { pool: Pool }) {
  const query = useQuery(poolQueries.events(pool.name));
  const { sort, onSort } = useSort(columns, newest);
  return (
    <QueryView query={query} what={`Reading the events of ${pool.name}`}>
      {(list) => (
        <>
          <FilterBar
            tools={
              <SaveRows
                name={`events-${pool.name}`}
                columns={columns}
                rows={() => Promise.resolve(list)}
                empty={list.items?.length === 0}
              />
            }
          >
            {null}
          </FilterBar>
          <DataTable
            label="Events"
            columns={columns}
            rows={list.items ?? []}
            rowId={(event) => `${event.reason} ${event.firstSeen ?? ""} ${event.message}`}
            sort={sort}
            onSort={onSort}
            empty={
              list.items === null ? (
                <Empty title="Events cannot be read" />
              ) : (
                <Empty
                  title="No event about this pool"
                  detail="Kubernetes keeps events for an hour, then drops them."
                />
              )
            }
          />
        </>
      )}
    </QueryView>
  );
}
