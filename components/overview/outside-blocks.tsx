"use client";
import { blockQueries } from "@/lib/queries/blocks.ts";
import { lazily } from "../ui/lazily.tsx";
import { Section } from "../ui/page-header.tsx";
import { useWindowed } from "../ui/use-windowed.ts";
import { Count } from "../ui/value.tsx";
import classes from "./overview.module.css";

const OutsideTable = lazily(async () => (await import("./outside-table.tsx")).OutsideTable);

/** Blocks that lie in no pool: what a deleted pool leaves behind. No pool's map shows them; none of them, no section. */
export function OutsideBlocks() {
  const list = useWindowed(blockQueries.list({ outside: true }));
  // A block that a new pool has taken in stays in the list until that is asked for again.
  const rows = list.rows.filter((block) => block.pool === null);
  if (rows.length === 0) return null;
  return (
    <Section
      title={
        <>
          Blocks outside any pool{" "}
          {list.total === null ? null : (
            <span className={classes.outside}>
              <Count value={list.total} />
            </span>
          )}
        </>
      }
    >
      <p className={classes.quiet}>No pool contains them, so no pod gets a new address from them.</p>
      <OutsideTable rows={rows} total={list.total} onEnd={list.more} />
    </Section>
  );
}
