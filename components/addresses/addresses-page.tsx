"use client";
import { Button } from "@mantine/core";
import { formatSort } from "@/components/ui/column.ts";
import { countText } from "@/components/ui/count.ts";
import { DataTable } from "@/components/ui/data-table.tsx";
import { FilterBar, FilterText } from "@/components/ui/filter-bar.tsx";
import { FilterChips, type FilterField } from "@/components/ui/filter-chips.tsx";
import { ListState } from "@/components/ui/list-state.tsx";
import { useNamespaceOptions, useNodeOptions, usePoolOptions } from "@/components/ui/name-options.ts";
import { Page, PageHeader } from "@/components/ui/page-header.tsx";
import { Empty } from "@/components/ui/states.tsx";
import { ColumnChooser, CsvButton, useColumns, useSort } from "@/components/ui/table-tools.tsx";
import { useUrlState } from "@/components/ui/use-url-state.ts";
import { useWindowed } from "@/components/ui/use-windowed.ts";
import { addressKinds, addressStates } from "@/lib/contract/addresses.ts";
import { addressQueries } from "@/lib/queries/addresses.ts";
import { AddressCard } from "./address-card.tsx";
import { addressColumns } from "./address-columns.tsx";
import { AddressPhoneRow } from "./address-phone-row.tsx";
import { kindWords, stateWords } from "./address-words.ts";

const stateOptions = addressStates.map((state) => ({ value: state, label: stateWords[state] }));
const kindOptions = addressKinds.map((kind) => ({ value: kind, label: kindWords[kind] }));

export function AddressesPage() {
  const { params, set } = useUrlState();
  const { sort, onSort } = useSort(addressColumns, { id: "ip", desc: false });
  const columns = useColumns(addressColumns);
  const fields: readonly FilterField[] = [
    { param: "pool", label: "Pool", values: usePoolOptions() },
    { param: "namespace", label: "Namespace", values: useNamespaceOptions() },
    { param: "node", label: "Node", values: useNodeOptions() },
    { param: "state", label: "State", values: stateOptions },
    { param: "kind", label: "Kind", values: kindOptions },
    { param: "block", label: "Block" },
  ];
  const names = [...fields.map((field) => field.param), "q"];
  const filter = Object.fromEntries(names.map((name) => [name, params.get(name)]));
  const list = useWindowed(addressQueries.list({ ...filter, sort: formatSort(sort) }));
  const ip = params.get("ip");
  const narrowed = Object.values(filter).some((value) => value !== null);

  return (
    <Page>
      <PageHeader title="Addresses" count={list.total === null ? undefined : countText(list.total)} />
      <FilterBar
        tools={
          <>
            <ColumnChooser columns={addressColumns} chosen={columns} />
            <CsvButton name="addresses" columns={addressColumns} rows={list.rows} />
          </>
        }
      >
        <FilterText label="Filter addresses" placeholder="Filter by address, owner, node" />
        <FilterChips fields={fields.filter((field) => field.values || params.get(field.param))} />
      </FilterBar>
      <ListState list={list} what="addresses">
        <DataTable
          label="Addresses"
          columns={addressColumns}
          rows={list.rows}
          rowId={(address) => address.ip}
          sort={sort}
          onSort={onSort}
          serverSorted
          visibility={columns.visibility}
          selectedId={ip}
          onOpen={(address) => set({ ip: address.ip }, "push")}
          phoneRow={(address) => <AddressPhoneRow address={address} />}
          onEnd={list.more}
          empty={
            narrowed ? (
              <Empty title="No address matches" detail="Drop a filter or change the text.">
                <Button onClick={() => set(Object.fromEntries(names.map((name) => [name, null])))}>
                  Show all addresses
                </Button>
              </Empty>
            ) : (
              <Empty
                title="There is no address space yet"
                detail="Addresses come from IP pools. Create one, and its range is listed here."
              />
            )
          }
        />
      </ListState>
      {ip === null ? null : <AddressCard key={ip} ip={ip} onClose={() => set({ ip: null })} />}
    </Page>
  );
}
