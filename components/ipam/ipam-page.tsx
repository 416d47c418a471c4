"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { CopyButton } from "@/components/ui/copy.tsx";
import { FilterBar, Segments } from "@/components/ui/filter-bar.tsx";
import { Page, PageHeader } from "@/components/ui/page-header.tsx";
import { saveFile } from "@/components/ui/save-file.ts";
import { QueryView } from "@/components/ui/query-view.tsx";
import { Empty } from "@/components/ui/states.tsx";
import { useUrlState } from "@/components/ui/use-url-state.ts";
import { Foreign, Mono } from "@/components/ui/value.tsx";
import { type IpamShow, layouts } from "@/lib/contract/ipam-show.ts";
import { ipamShowQueries } from "@/lib/queries/ipam-show.ts";
import { IpamTable } from "./ipam-table.tsx";
import classes from "./ipam-page.module.css";

const formats = ["table", "text", "json", "csv"] as const;
type Format = (typeof formats)[number];
const words: Record<Format, string> = { table: "Table", text: "Text", json: "JSON", csv: "CSV" };
const files: Record<Format, readonly [extension: string, type: string]> = {
  table: ["txt", "text/plain"],
  text: ["txt", "text/plain"],
  json: ["json", "application/json"],
  csv: ["csv", "text/csv"],
};

export function IpamPage() {
  const { params, set } = useUrlState();
  const format = formats.find((each) => each === params.get("format")) ?? "text";
  const blocks = params.get("blocks") === "true";
  const layout = layouts.find((each) => each === params.get("layout"));
  const options = { blocks: blocks ? ("true" as const) : ("false" as const), ...(layout ? { layout } : {}) };
  const table = useQuery(ipamShowQueries.table(options));
  const text = useQuery({
    ...ipamShowQueries.text(format === "csv" ? "csv" : "text", options),
    enabled: format !== "json",
  });
  const body = format === "json" ? (table.data ? JSON.stringify(table.data, null, 2) : undefined) : text.data;
  const rows = table.data?.rows ?? [];
  const failed = table.error === null ? text : table;
  const both = {
    data: body === undefined || table.data === undefined ? undefined : { show: table.data, printed: body },
    error: failed.error,
    dataUpdatedAt: table.dataUpdatedAt,
    errorUpdatedAt: failed.errorUpdatedAt,
    refetch: () => void Promise.all([table.refetch(), text.refetch()]),
  };

  return (
    <Page>
      <PageHeader
        title="IPAM show"
        lead={
          <>
            To the character what <Mono>{`calicoctl ipam show${blocks ? " --show-blocks" : ""}`}</Mono> prints
            for this cluster.
          </>
        }
        actions={
          body === undefined ? null : (
            <>
              <CopyButton text={body}>Copy</CopyButton>
              <Button
                onClick={() =>
                  saveFile(`ipam-show${blocks ? "-blocks" : ""}.${files[format][0]}`, files[format][1], body)
                }
              >
                Download
              </Button>
            </>
          )
        }
      />
      <FilterBar tools={table.data ? <span className={classes.note}>{summary(rows)}</span> : null}>
        <Segments
          label="Format"
          value={format}
          options={formats.map((value) => ({ value, label: words[value] }))}
          onChange={(value) => set({ format: value === "text" ? null : value })}
        />
        <Segments
          label="Rows"
          value={blocks ? "blocks" : "pools"}
          options={[
            { value: "pools", label: "Pools" },
            { value: "blocks", label: "With blocks" },
          ]}
          onChange={(value) => set({ blocks: value === "blocks" ? "true" : null })}
        />
        <Segments
          label="Layout"
          value={layout ?? table.data?.layout ?? "v3.32"}
          options={layouts.map((value) => ({ value, label: `${value} layout` }))}
          onChange={(value) => set({ layout: value })}
        />
      </FilterBar>
      <div className={classes.columns}>
        <div className={classes.main}>
          <QueryView query={both} what="Counting blocks">
            {({ show, printed }) =>
              format === "table" ? (
                <IpamTable show={show} />
              ) : (
                <section
                  className={classes.text}
                  aria-label={`IPAM show as ${words[format]}`}
                  // A box that scrolls must be reachable by keyboard.
                  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
                  tabIndex={0}
                >
                  <pre>{printed}</pre>
                </section>
              )
            }
          </QueryView>
          {table.data && rows.length === 0 ? (
            <Empty
              title="No pool yet, so the table is empty"
              detail="calicoctl prints its head and nothing else. Create a pool and it gets a row."
            >
              <Button component={Link} href="/pools">
                Go to pools
              </Button>
            </Empty>
          ) : null}
        </div>
        <HowToRead show={table.data} />
      </div>
    </Page>
  );
}

function summary(rows: IpamShow["rows"]): string {
  const pools = rows.filter((row) => row.grouping === "IP Pool").length;
  const blocks = rows.length - pools;
  return `${pools} ${pools === 1 ? "pool" : "pools"}${blocks > 0 ? `, ${blocks} ${blocks === 1 ? "block" : "blocks"}` : ""}`;
}

function HowToRead({ show }: { show: IpamShow | undefined }) {
  const pool = show?.rows.find((row) => row.pool !== null)?.pool;
  return (
    <aside className={classes.aside}>
      <h2>How to read it</h2>
      <p>In use counts everything Calico holds back: pods, tunnel addresses, cooling addresses, leaks.</p>
      {show?.layout === "v3.32" ? (
        <p>This layout does not know reservations: free is what is not in use.</p>
      ) : (
        <p>
          Free is what is neither in use nor reserved. An address can be both, so the columns need not add up.
        </p>
      )}
      <p>
        Blocks come in text order, as Calico sorts them: <Mono>10.64.0.128</Mono> before{" "}
        <Mono>10.64.0.64</Mono>.
      </p>
      <p>Percent is rounded by Calico. 9 of 4096 prints as 0%.</p>
      {pool ? (
        <>
          <h2>Elsewhere in Poolboard</h2>
          <p>
            Blocks with their nodes and ages are on each pool page,{" "}
            <Link className={classes.link} href={`/pools/${encodeURIComponent(pool)}?tab=blocks`}>
              <Foreign>{pool}</Foreign>
            </Link>{" "}
            for example.
          </p>
        </>
      ) : null}
    </aside>
  );
}
