"use client";
import type { List } from "@/lib/contract/common.ts";
import { namespaceQueries } from "@/lib/queries/namespaces.ts";
import type { Progress } from "@/lib/queries/lists.ts";
import { SaveRows } from "../ui/save-buttons.tsx";
import classes from "./namespace-use.module.css";
import { type ShowbackLine, showbackColumns, showbackLines } from "./showback-lines.ts";

/** Saves who holds how many addresses of the pool (null: of which pool), for whoever charges for them. */
export function Showback({ pool }: { pool: string | null }) {
  const { whole } = namespaceQueries.list({ pool, sort: "name" });
  const rows = async (signal: AbortSignal, tell: Progress): Promise<List<ShowbackLine>> => {
    const { items, unknown } = await whole(signal, tell);
    const lines = items === null ? null : showbackLines(items, pool);
    return { items: lines, total: lines?.length ?? null, unknown };
  };
  return (
    <>
      <span className={classes.quiet}>Showback</span>
      <SaveRows name={`showback-${pool ?? "all-pools"}`} columns={showbackColumns} rows={rows} />
    </>
  );
}
