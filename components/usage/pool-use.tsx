"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { Pool } from "@/lib/contract/pools.ts";
import { namespaceQueries } from "@/lib/queries/namespaces.ts";
import { nodeQueries } from "@/lib/queries/nodes.ts";
import { SaveMatrix } from "../nodes/save-matrix.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Unknown } from "../ui/value.tsx";
import { type Holder, namespaceHolders, nodeHolders } from "./holders.ts";
import { HolderTable } from "./holder-table.tsx";
import { mostHolders, NamespaceUse } from "./namespace-use.tsx";
import classes from "./pool-use.module.css";

const top = 5;

/** Who uses one pool: its namespaces as areas, and the namespaces and nodes with the most addresses in it. */
export function PoolUse({ pool }: { pool: Pool }) {
  const params = new URLSearchParams({ pool: pool.name });
  return (
    <div className={classes.use}>
      <NamespaceUse pool={pool.name} />
      <div className={classes.lists}>
        <section>
          <div className={classes.head}>
            <h2>Most addresses, by namespace</h2>
            <Link href={`/namespaces?${params.toString()}`} data-noshot>
              All namespaces
            </Link>
          </div>
          <TopNamespaces pool={pool} />
        </section>
        <section>
          <div className={classes.head}>
            <h2>Most addresses, by node</h2>
            <span className={classes.tools}>
              <SaveMatrix
                whole={nodeQueries.list({ pool: pool.name, sort: "name" }).whole}
                pool={pool.name}
              />
              <Link href={`/nodes?${params.toString()}`} data-noshot>
                All nodes
              </Link>
            </span>
          </div>
          <TopNodes pool={pool} />
        </section>
      </div>
    </div>
  );
}

function TopNamespaces({ pool }: { pool: Pool }) {
  // The same question as the picture's.
  const query = useQuery(namespaceQueries.top(pool.name, mostHolders));
  return (
    <QueryView query={query} what="Reading namespaces">
      {(list) => (
        <Top
          pool={pool}
          what="Namespace"
          holders={namespaceHolders(list, pool.name)?.filter(({ kind }) => kind === "one") ?? null}
          reason={list.unknown?.[0]?.reason}
        />
      )}
    </QueryView>
  );
}

function TopNodes({ pool }: { pool: Pool }) {
  const query = useQuery(nodeQueries.top(pool.name, top));
  return (
    <QueryView query={query} what="Reading nodes">
      {(list) => (
        <Top
          pool={pool}
          what="Node"
          holders={nodeHolders(list, pool.name)}
          reason={list.unknown?.[0]?.reason}
        />
      )}
    </QueryView>
  );
}

interface TopProps {
  readonly pool: Pool;
  readonly what: "Namespace" | "Node";
  readonly holders: readonly Holder[] | null;
  readonly reason: string | undefined;
}

function Top({ pool, what, holders, reason }: TopProps) {
  const { inUse } = pool.usage;
  if (holders === null || inUse === null) return <Unknown {...(reason === undefined ? {} : { reason })} />;
  if (holders.length === 0) {
    return <p className={classes.quiet}>No {what.toLowerCase()} has an address of this pool.</p>;
  }
  return (
    <HolderTable
      label={`${what}s with the most addresses of ${pool.name}`}
      what={what}
      holders={holders.slice(0, top)}
      of={BigInt(inUse)}
      mono={what === "Node"}
    />
  );
}
