"use client";
import { ListPage } from "@/components/ui/list-page.tsx";
import { usePoolOptions } from "@/components/ui/name-options.ts";
import { nodeQueries } from "@/lib/queries/nodes.ts";
import { nodeColumns } from "./node-columns.tsx";
import { NodePhoneRow } from "./node-phone-row.tsx";

export function NodesPage() {
  return (
    <ListPage
      noun={{ one: "node", many: "nodes" }}
      columns={nodeColumns}
      query={nodeQueries.list}
      firstSort={{ id: "name", desc: false }}
      textOf="node, address"
      fields={[{ param: "pool", label: "Pool", values: usePoolOptions() }]}
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
