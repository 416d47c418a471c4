"use client";
import { Button } from "@mantine/core";
import { useEffect, useMemo } from "react";
import type { Filter } from "@/lib/queries/lists.ts";
import type { Explained } from "@/lib/queries/missing.ts";
import { type Column, formatSort, type Sort } from "./column.ts";
import { countText } from "./count.ts";
import { DataTable, type DataTableProps } from "./data-table.tsx";
import { FilterBar, FilterText } from "./filter-bar.tsx";
import { FilterChips, type FilterField } from "./filter-chips.tsx";
import { ListState } from "./list-state.tsx";
import { Page, PageHeader } from "./page-header.tsx";
import { Empty } from "./states.tsx";
import { SaveRows } from "./save-buttons.tsx";
import { ColumnChooser, useColumns, useSort } from "./table-tools.tsx";
import { useUrlState } from "./use-url-state.ts";
import { useWindowed, type Windowed, type WindowedOptions } from "./use-windowed.ts";

type TableProps<Row> = Pick<
  DataTableProps<Row>,
  "columns" | "rowId" | "rowHeight" | "phoneRow" | "selectedId" | "onOpen"
>;

interface Props<Row> extends TableProps<Row> {
  /** What a row is: “node” and “nodes”. */
  readonly noun: { readonly one: string; readonly many: string };
  /** The rows for what the query string asks for. */
  readonly query: (filter: Filter) => WindowedOptions<Row>;
  readonly firstSort: Sort;
  /** What the text filter looks at: “address, owner, node”. */
  readonly textOf: string;
  readonly fields: readonly FilterField[];
  /** A filter of its own between the text and the chips, with the parameter it lives in. */
  readonly choice?: { readonly param: string; readonly control: React.ReactNode };
  /** First of all filters: which list of several the page shows. */
  readonly views?: React.ReactNode;
  /** In the page's head. */
  readonly actions?: React.ReactNode;
  readonly tools?: React.ReactNode;
  /** Between the filters and the rows. */
  readonly above?: React.ReactNode;
  /** Shows the rows otherwise than as one table. */
  readonly arrange?: ((list: Windowed<Row>, columns: readonly Column<Row>[]) => React.ReactNode) | null;
  /** Saves all rows otherwise than as that table; `whole` reads them. */
  readonly save?: ((whole: WindowedOptions<Row>["whole"], empty: boolean) => React.ReactNode) | null;
  /** Said where nothing is filtered away and there is still nothing. */
  readonly none: { readonly title: string; readonly detail: string; readonly action?: React.ReactNode };
  /** The panel or dialog of a row. */
  readonly children?: React.ReactNode;
}

/** A page that is one long list: filters, sort, columns and CSV, and the rows or why there are none. */
export function ListPage<Row extends Explained>(props: Props<Row>) {
  const {
    noun,
    query,
    firstSort,
    textOf,
    fields,
    choice,
    views,
    actions,
    tools,
    above,
    arrange,
    save,
    none,
    children,
    ...table
  } = props;
  const { columns } = table;
  const { params, set } = useUrlState();
  const { sort, onSort } = useSort(columns, firstSort);
  const chosen = useColumns(columns);
  const names = [...fields.map(({ param }) => param), ...(choice ? [choice.param] : []), "q"];
  const filter = Object.fromEntries(names.map((name) => [name, params.get(name)]));
  const options = query({ ...filter, sort: formatSort(sort) });
  const list = useWindowed(options);
  const { start, show } = list;
  useEffect(() => {
    // What is not one table begins at the beginning.
    if (arrange && start > 0) show(0, 0);
  }, [arrange, start, show]);
  const isEmpty = list.rows.length === 0;
  const narrowed = Object.values(filter).some((value) => value !== null);
  const shown = useMemo(
    () => columns.filter((column) => chosen.visibility[column.id]),
    [columns, chosen.visibility],
  );
  const title = noun.many.slice(0, 1).toUpperCase() + noun.many.slice(1);

  return (
    <Page>
      <PageHeader
        title={title}
        count={list.total === null ? undefined : countText(list.total)}
        actions={actions}
      />
      <FilterBar
        tools={
          <>
            {tools}
            <ColumnChooser columns={columns} chosen={chosen} />
            {save ? (
              save(options.whole, isEmpty)
            ) : (
              <SaveRows name={noun.many} columns={columns} rows={options.whole} empty={isEmpty} />
            )}
          </>
        }
      >
        {views}
        <FilterText label={`Filter ${noun.many}`} placeholder={`Filter by ${textOf}`} />
        {choice?.control}
        <FilterChips fields={fields.filter((field) => field.values || params.get(field.param))} />
      </FilterBar>
      {/* What keeps the rows away keeps it away as well, and is told once. */}
      {list.query.data === undefined || list.unreadable !== null ? null : above}
      <ListState list={list} what={noun.many}>
        {arrange && list.rows.length > 0 ? (
          arrange(list, shown)
        ) : (
          <DataTable
            {...table}
            label={title}
            rows={list.rows}
            sort={sort}
            onSort={onSort}
            serverSorted
            visibility={chosen.visibility}
            total={list.total}
            places={list}
            empty={
              narrowed ? (
                <Empty title={`No ${noun.one} matches`} detail="Drop a filter or change the text.">
                  <Button onClick={() => set(Object.fromEntries(names.map((name) => [name, null])))}>
                    Show all {noun.many}
                  </Button>
                </Empty>
              ) : (
                <Empty title={none.title} detail={none.detail}>
                  {none.action}
                </Empty>
              )
            }
          />
        )}
      </ListState>
      {children}
    </Page>
  );
}
