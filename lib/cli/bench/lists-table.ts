import {
  columnFilteringFeature,
  constructTable,
  createColumnHelper,
  createFilteredRowModel,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
} from "@tanstack/table-core";
import { storeReactivityBindings } from "@tanstack/table-core/store-reactivity-bindings";
import type { Pod } from "../../contract/pods.ts";
import { parseAddress } from "../../ipam/address.ts";

/** What a browser would have of a pod that sorts and filters by itself. */
export interface ClientRow {
  readonly name: string;
  readonly namespace: string;
  readonly node: string;
  readonly ip: number;
}

/** The first window of rows; the last step of each measurement, so that no lazy model stays unmade. */
const windowRows = 100;

/** The yardstick: TanStack Table's own filter and sort over all rows, as a page does that has them in the browser. */
export class ClientTable {
  private readonly table;
  private rows: ClientRow[];

  constructor(pods: readonly Pod[]) {
    this.rows = pods.map(clientRow);
    const features = tableFeatures({
      coreReactivityFeature: storeReactivityBindings(),
      columnFilteringFeature,
      rowSortingFeature,
      filteredRowModel: createFilteredRowModel(),
      sortedRowModel: createSortedRowModel(),
    });
    const helper = createColumnHelper<typeof features, ClientRow>();
    const columns = helper.columns([
      helper.accessor("namespace", { sortFn: byCodeUnits }),
      helper.accessor("name", { sortFn: byCodeUnits, filterFn: contains }),
      helper.accessor("node", { sortFn: byCodeUnits }),
      helper.accessor("ip", { sortFn: (one, other, id) => numberOf(one, id) - numberOf(other, id) }),
    ]);
    this.table = constructTable({ features, columns, data: this.rows });
  }

  /** Rows whose name has the text in it: how many, with the first window made. */
  filter(text: string): number {
    this.table.setSorting([]);
    this.table.setColumnFilters([{ id: "name", value: text }]);
    return this.look();
  }

  sort(id: "ip" | "name", desc: boolean): number {
    this.table.setColumnFilters([]);
    this.table.setSorting([{ id, desc }]);
    return this.look();
  }

  /** One row is another object: the data are a new array, as React demands. */
  changeOne(at: number): number {
    const row = this.rows[at];
    this.rows = row ? this.rows.with(at, { ...row }) : this.rows;
    this.table.setOptions((options) => ({ ...options, data: this.rows }));
    return this.look();
  }

  private look(): number {
    const { rows } = this.table.getRowModel();
    for (const row of rows.slice(0, windowRows)) row.getValue("name");
    return rows.length;
  }
}

interface Cells {
  getValue(id: string): unknown;
}

const numberOf = (row: Cells, id: string) => row.getValue(id) as number;

function byCodeUnits(one: Cells, other: Cells, id: string): number {
  const [a, b] = [row(one, id), row(other, id)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function contains(one: Cells, id: string, value: unknown): boolean {
  return row(one, id).includes(String(value));
}

const row = (of: Cells, id: string) => of.getValue(id) as string;

function clientRow({ name, namespace, node, ips: [ip] }: Pod): ClientRow {
  return { name, namespace, node: node ?? "", ip: ip?.includes(".") ? Number(parseAddress(ip).value) : 0 };
}
