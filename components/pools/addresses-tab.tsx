"use client";
import { addressColumns } from "@/components/addresses/address-columns.tsx";
import type { Pool } from "@/lib/contract/pools.ts";
import { addressQueries } from "@/lib/queries/addresses.ts";
import { formatSort } from "../ui/column.ts";
import { DataTable } from "../ui/data-table.tsx";
import { FilterBar, FilterText, Segments } from "../ui/filter-bar.tsx";
import { ListState } from "../ui/list-state.tsx";
import { Empty } from "../ui/states.tsx";
import { SaveRows } from "../ui/save-buttons.tsx";
import { ColumnChooser, useColumns, useSort } from "../ui/table-tools.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { useWindowed } from "../ui/use-windowed.ts";

const columns = addressColumns.filter((column) => column.id !== "pool");
const byIp = { id: "ip", desc: false };
const states = [
  { value: "", label: "All" },
  { value: "used", label: "In use" },
  { value: "cooling", label: "Cooling" },
  { value: "reserved", label: "Reserved" },
  { value: "free", label: "Free" },
];

/** Who holds which address of the pool; free ones as runs. */
export function AddressesTab({ pool }: { pool: Pool }) {
  const { params, set } = useUrlState();
  const { sort, onSort } = useSort(columns, byIp);
  const chosen = useColumns(columns);
  const state = params.get("state") ?? "used";
  const filter = {
    pool: pool.name,
    state: state === "all" ? "" : state,
    q: params.get("q"),
    sort: formatSort(sort),
  };
  const options = addressQueries.list(filter);
  const list = useWindowed(options);
  return (
    <>
      <FilterBar
        tools={
          <>
            <ColumnChooser columns={columns} chosen={chosen} />
            <SaveRows
              name={`addresses-${pool.name}`}
              columns={columns}
              rows={options.whole}
              empty={list.rows.length === 0}
            />
          </>
        }
      >
        <FilterText label="Filter addresses" placeholder="Filter by address, owner, node" />
        <Segments
          label="State"
          options={states}
          value={state === "all" ? "" : state}
          onChange={(value) => set({ state: value === "used" ? null : value === "" ? "all" : value })}
        />
      </FilterBar>
      <ListState list={list} what="addresses" of={pool.name}>
        <DataTable
          label="Addresses"
          columns={columns}
          rows={list.rows}
          rowId={(address) => address.ip}
          sort={sort}
          onSort={onSort}
          serverSorted
          visibility={chosen.visibility}
          total={list.total}
          places={list}
          empty={<Empty title={params.get("q") ? "No address matches" : "No such address in this pool"} />}
        />
      </ListState>
    </>
  );
}
