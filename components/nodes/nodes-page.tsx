"use client";
import { Segments } from "@/components/ui/filter-bar.tsx";
import { lazily } from "@/components/ui/lazily.tsx";
import { ListPage } from "@/components/ui/list-page.tsx";
import { usePoolOptions } from "@/components/ui/name-options.ts";
import { Loading } from "@/components/ui/states.tsx";
import { useUrlState } from "@/components/ui/use-url-state.ts";
import { nodeQueries } from "@/lib/queries/nodes.ts";
import { byName } from "./matrix-head.tsx";
import { nodeColumns } from "./node-columns.tsx";
import { NodePhoneRow } from "./node-phone-row.tsx";
import { SaveMatrix } from "./save-matrix.tsx";

const NodeMatrix = lazily(async () => (await import("./node-matrix.tsx")).NodeMatrix, {
  waiting: () => <Loading what="Loading" />,
});

const views = [
  { value: "table", label: "Table" },
  { value: "matrix", label: "Matrix" },
];

/** The nodes as a table, or (`?view=matrix`) what each of them has in each pool. */
export function NodesPage() {
  const { params, set } = useUrlState();
  const isMatrix = params.get("view") === "matrix";
  return (
    <ListPage
      noun={{ one: "node", many: "nodes" }}
      columns={nodeColumns}
      query={nodeQueries.list}
      firstSort={byName}
      textOf="node, address"
      fields={[{ param: "pool", label: "Pool", values: usePoolOptions() }]}
      tools={
        <Segments
          label="View"
          value={isMatrix ? "matrix" : "table"}
          options={views}
          onChange={(view) => set({ view: view === "matrix" ? view : null }, "push")}
        />
      }
      save={isMatrix ? (whole, empty) => <SaveMatrix whole={whole} empty={empty} /> : null}
      arrange={isMatrix ? (list) => <NodeMatrix list={list} /> : null}
      rowId={(node) => node.name}
      rowHeight={44}
      phoneRow={(node) => <NodePhoneRow node={node} />}
      none={{
        title: "This cluster has no node",
        detail: "Without a node no block is claimed and no pod gets an address.",
      }}
    />
  );
}
