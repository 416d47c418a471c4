"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { PoolHolds } from "@/lib/contract/pool-holds.ts";
import type { Pool } from "@/lib/contract/pools.ts";
import { blockQueries } from "@/lib/queries/blocks.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { countText } from "../ui/count.ts";
import { type Fact, Settings } from "../ui/facts.tsx";
import { Section } from "../ui/page-header.tsx";
import { MissingNotice } from "../ui/missing.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { SaveRows } from "../ui/save-buttons.tsx";
import { Count, Foreign, Mono, Unknown } from "../ui/value.tsx";
import { annotationWords, heldKinds, holdsColumns, holdsLines } from "./holds-lines.ts";
import classes from "./holds-tab.module.css";
import { addresses, plural } from "./pool-words.ts";

/** What hurts somebody when the pool goes. */
export function HoldsTab({ pool }: { pool: Pool }) {
  const query = useQuery(poolQueries.holds(pool.name));
  return (
    <QueryView query={query} what={`Reading what holds ${pool.name}`}>
      {(holds) => (
        <>
          <div className={classes.head}>
            <p className={classes.verdict}>{verdict(holds)}</p>
            <SaveHolds holds={holds} />
          </div>
          <MissingNotice of={[holds]} />
          <Section
            title="Addresses in use"
            note={holds.addresses.total === null ? undefined : countText(holds.addresses.total)}
          >
            <Settings rows={addressRows(holds)} />
          </Section>
          <Section title="Named by namespaces" note={listNote(holds.namespaces)}>
            <NamedBy
              entries={
                holds.namespaces?.map((each) => ({
                  ...each,
                  href: `/namespaces?q=${encodeURIComponent(each.name)}`,
                })) ?? null
              }
            />
          </Section>
          <Section title="Named by pods" note={listNote(holds.pods)}>
            <NamedBy
              entries={
                holds.pods?.map((each) => ({
                  ...each,
                  name: `${each.namespace}/${each.name}`,
                  href: `/pods?namespace=${encodeURIComponent(each.namespace)}&q=${encodeURIComponent(each.name)}`,
                })) ?? null
              }
            />
          </Section>
          <Section
            title="Blocks"
            note={holds.blocks.total === null ? undefined : `${countText(holds.blocks.total)}, fullest first`}
          >
            {holds.blocks.items === null ? <Unknown /> : <BlockList holds={holds} />}
          </Section>
        </>
      )}
    </QueryView>
  );
}

function SaveHolds({ holds }: { holds: PoolHolds }) {
  // The page has the fullest of them only.
  const { whole } = blockQueries.list({ pool: holds.pool, sort: "-used" });
  return (
    <SaveRows
      name={`holds-${holds.pool}`}
      columns={holdsColumns}
      rows={async (signal, tell) => holdsLines(holds, await whole(signal, tell))}
    />
  );
}

function verdict({ pool, addresses: held, namespaces, pods }: PoolHolds): React.ReactNode {
  const named = (namespaces?.length ?? 0) + (pods?.length ?? 0);
  if (held.total === null) return "Its blocks cannot be read, so nobody can say what holds it.";
  const name = <Foreign>{pool}</Foreign>;
  if (held.total !== "0")
    return (
      <>
        {addresses(held.total)} of {name} {held.total === "1" ? "is" : "are"} in use, so it cannot be deleted.
      </>
    );
  if (named > 0)
    return (
      <>
        No address of {name} is in use, but new pods of {plural(named, "place")} would fail without it.
      </>
    );
  if (namespaces === null || pods === null)
    return <>No address of {name} is in use; whether somebody names it is unknown.</>;
  return <>Nothing holds {name}. It can be deleted.</>;
}

function addressRows({ addresses: held }: PoolHolds): readonly Fact[] {
  const rows: Fact[] = heldKinds
    .filter(([kind]) => held.byKind[kind] !== "0")
    .map(([kind, label]) => ({ label, value: amount(held.byKind[kind]) }));
  if (held.cooling !== "0") rows.push({ label: "Cooling down", value: amount(held.cooling) });
  return rows.length > 0 ? rows : [{ label: "None", value: "0" }];
}

function amount(value: string | null): React.ReactNode {
  return value === null ? <Unknown /> : <Count value={value} />;
}

function listNote(list: readonly unknown[] | null): string {
  return list === null ? "unknown" : countText(list.length);
}

function NamedBy({
  entries,
}: {
  entries: readonly { name: string; href: string; field: string; raw: string }[] | null;
}) {
  if (entries === null) return <Unknown />;
  if (entries.length === 0) return <p className={classes.quiet}>None</p>;
  return (
    <ul className={classes.list}>
      {entries.map((entry) => (
        <li key={`${entry.name} ${entry.field}`}>
          <Link className={classes.name} href={entry.href}>
            <Foreign>{entry.name}</Foreign>
          </Link>
          <Mono wrap>{annotationWords(entry)}</Mono>
        </li>
      ))}
    </ul>
  );
}

function BlockList({ holds }: { holds: PoolHolds }) {
  const items = holds.blocks.items ?? [];
  if (items.length === 0) return <p className={classes.quiet}>None</p>;
  return (
    <ul className={classes.list}>
      {items.map((block) => (
        <li key={block.name}>
          <Link
            className={classes.name}
            href={`/pools/${encodeURIComponent(holds.pool)}?block=${encodeURIComponent(block.name)}`}
          >
            <Mono>{block.cidr}</Mono>
          </Link>
          <span>{block.node === null ? "no owner" : <Mono>{block.node}</Mono>}</span>
          <span className={classes.used}>{addresses(block.used)}</span>
        </li>
      ))}
    </ul>
  );
}
