"use client";
import { useQuery } from "@tanstack/react-query";
import { memo } from "react";
import type { NamespaceList } from "@/lib/contract/namespaces.ts";
import { namespaceQueries } from "@/lib/queries/namespaces.ts";
import { usePainting } from "../shot/painting.ts";
import { useShot } from "../shot/use-shot.ts";
import { Figure } from "../ui/figure.tsx";
import { lazily } from "../ui/lazily.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { type Holder, holderWords, namespaceHolders } from "./holders.ts";
import { HolderTable } from "./holder-table.tsx";
import classes from "./namespace-use.module.css";
import { Showback } from "./showback.tsx";

/** Pixels. */
const height = 224;
/** One area needs no comparing. */
const lowest = 64;

const Treemap = lazily(async () => (await import("./treemap.tsx")).Treemap, { waiting: () => <Unpainted /> });

/** Stands where the picture comes. */
function Unpainted() {
  usePainting(false);
  return <div style={{ height }} />;
}

/** So many of the largest are asked for; those that are too small to be seen are gathered anyway. */
export const mostHolders = 60;

/**
 * Which namespace holds how many addresses of the pool, or of all pools (null), as areas and as a table. A figure of the pool that
 * changes, as it does four times a second, is not among them: nothing is laid out for it.
 */
export const NamespaceUse = memo(function NamespaceUse({ pool }: { pool: string | null }) {
  const query = useQuery(namespaceQueries.top(pool, mostHolders));
  return (
    <QueryView query={query} what="Reading what namespaces hold">
      {(list) => <Use list={list} pool={pool} />}
    </QueryView>
  );
});

function Use({ list, pool }: { list: NamespaceList; pool: string | null }) {
  const holders = namespaceHolders(list, pool);
  const reason = list.unknown?.[0]?.reason;
  return (
    <Figure
      title="Addresses in use by namespace"
      file={`namespaces-${pool ?? "all-pools"}`}
      summary={
        holders === null
          ? `How many addresses a namespace holds is unknown${reason === undefined ? "" : `: ${reason}`}.`
          : holderWords(holders)
      }
      actions={holders === null || holders.length === 0 ? null : <Showback pool={pool} />}
    >
      {holders === null ? (
        <div className={classes.dashes} />
      ) : holders.length === 0 ? null : (
        <>
          <Treemap holders={holders} height={holders.length === 1 ? lowest : height} />
          <Twin holders={holders} />
        </>
      )}
    </Figure>
  );
}

function Twin({ holders }: { holders: readonly Holder[] }) {
  const all = holders.reduce((sum, { count }) => sum + count, 0n);
  // A picture of the page has no room for what is folded.
  if (useShot()) return null;
  return (
    <details className={classes.twin} data-noshot>
      <summary>Show as table</summary>
      <HolderTable label="Addresses in use by namespace" what="Namespace" holders={holders} of={all} />
    </details>
  );
}
