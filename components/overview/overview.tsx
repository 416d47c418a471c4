"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import type { Pool } from "@/lib/contract/pools.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { CreateDialogs } from "../pools/create-dialogs.tsx";
import { poolHref } from "../pools/pool-name.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { Glyph } from "../ui/glyph.tsx";
import { lazily } from "../ui/lazily.tsx";
import { Page, PageHeader } from "../ui/page-header.tsx";
import { MissingNotice, Unreadable } from "../ui/missing.tsx";
import { Powers } from "../ui/powers.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { SaveRows } from "../ui/save-buttons.tsx";
import { unexplained } from "../ui/use-windowed.ts";
import { visibleText } from "../ui/visible-text.ts";
import { NeedsLook, useWaitingPods } from "./needs-look.tsx";
import { givingColumns, silentColumns } from "./overview-columns.tsx";
import { OutsideBlocks } from "./outside-blocks.tsx";
import { OverviewPhoneRow } from "./overview-phone-row.tsx";
import classes from "./overview.module.css";
import { compareUrgency, verdictOn } from "./verdict.ts";

const NoPools = lazily(async () => (await import("../pools/no-pools.tsx")).NoPools);

/** What is saved of a pool is more than stands here. */
const poolColumns = async () => (await import("../pools/pool-columns.tsx")).poolColumns;

/** The answer first, as a sentence; then every pool, worst first; then what needs a look. */
export function Overview() {
  const query = useQuery(poolQueries.list());
  if (query.data === undefined) {
    return (
      <Page>
        <PageHeader title="Overview" />
        <QueryView query={query} what="Reading pools">
          {() => null}
        </QueryView>
      </Page>
    );
  }
  return (
    <Page>
      <QueryView query={query} what="Reading pools">
        {({ items, unknown }) => {
          if (items === null) {
            return (
              <>
                <PageHeader title="Overview" />
                <Unreadable
                  what="pools"
                  missing={unknown?.[0] ?? unexplained}
                  onRetry={() => void query.refetch()}
                />
              </>
            );
          }
          return items.length === 0 ? (
            <>
              <PageHeader title="Overview" />
              <NoPools />
            </>
          ) : (
            <Pools pools={items} />
          );
        }}
      </QueryView>
      <CreateDialogs />
    </Page>
  );
}

function Pools({ pools }: { pools: readonly Pool[] }) {
  const router = useRouter();
  const waiting = useWaitingPods();
  const giving = useMemo(() => pools.filter((pool) => pool.state.allocatable).sort(compareUrgency), [pools]);
  const silent = useMemo(() => pools.filter((pool) => !pool.state.allocatable).sort(compareUrgency), [pools]);
  const givingHeads = useMemo(() => givingColumns(giving.length), [giving.length]);
  const silentHeads = useMemo(() => silentColumns(silent.length), [silent.length]);
  const verdict = useMemo(() => verdictOn(pools, waiting), [pools, waiting]);
  const table = {
    rowId: (pool: Pool) => pool.name,
    sort: null,
    rowHeight: 44,
    onOpen: (pool: Pool) => router.push(poolHref(pool.name)),
    phoneRow: (pool: Pool) => <OverviewPhoneRow pool={pool} />,
  } as const;
  return (
    <>
      <PageHeader
        title={
          <span className={classes.verdict}>
            <Glyph shape={verdict.shape} tone={verdict.tone} />
            {visibleText(verdict.title)}
          </span>
        }
        lead={<Powers>{verdict.lead}</Powers>}
        actions={
          <Button variant="filled" component={Link} href="/pools?new=form">
            New pool
          </Button>
        }
      />
      <MissingNotice of={pools} />
      {giving.length === 0 ? null : (
        <div className={classes.group}>
          <DataTable label="Pools that give addresses" columns={givingHeads} rows={giving} {...table} />
        </div>
      )}
      {silent.length === 0 ? null : (
        <div className={classes.group}>
          <DataTable label="Pools that give no addresses" columns={silentHeads} rows={silent} {...table} />
        </div>
      )}
      <div className={classes.tools}>
        <SaveRows name="overview" columns={poolColumns} rows={[...giving, ...silent]} />
      </div>
      <OutsideBlocks />
      <NeedsLook pools={pools} />
    </>
  );
}
