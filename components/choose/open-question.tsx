"use client";
import { useQuery } from "@tanstack/react-query";
import { Unreadable } from "@/components/ui/missing.tsx";
import { Empty } from "@/components/ui/states.tsx";
import { unexplained, useWindowed } from "@/components/ui/use-windowed.ts";
import type { Asked } from "@/lib/queries/choose.ts";
import { namespaceQueries } from "@/lib/queries/namespaces.ts";
import { nodeQueries } from "@/lib/queries/nodes.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { everyName } from "./name-field.tsx";

/** Before there is a question: what to choose, or that there can be no answer because a list it takes cannot be read. */
export function OpenQuestion({ namespace, node }: Pick<Asked, "namespace" | "node">) {
  const namespaces = useWindowed(namespaceQueries.list(everyName));
  const nodes = useWindowed(nodeQueries.list(everyName));
  const pools = useQuery(poolQueries.list());
  const lists = [
    { what: "namespaces", missing: namespaces.unreadable, query: namespaces.query },
    { what: "nodes", missing: nodes.unreadable, query: nodes.query },
    {
      what: "pools",
      missing:
        pools.data?.items === null
          ? (pools.data.unknown?.find(({ field }) => field === "items") ?? unexplained)
          : null,
      query: pools,
    },
  ];
  for (const { what, missing, query } of lists) {
    if (missing !== null && query.data !== undefined)
      return <Unreadable what={what} missing={missing} onRetry={() => void query.refetch()} />;
  }
  return (
    <Empty
      title={
        namespace !== ""
          ? "Choose the node on which the pod starts"
          : node === ""
            ? "Choose a namespace and a node"
            : "Choose the namespace of the pod"
      }
      detail="The answer is the address that the next pod gets there, the pool and the block it comes from, and why every other pool is not used; or Calico's error and what to do about it."
    />
  );
}
