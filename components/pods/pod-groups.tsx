"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useMemo } from "react";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/column.ts";
import type { Windowed } from "@/components/ui/use-windowed.ts";
import { CountOf, Mono } from "@/components/ui/value.tsx";
import type { Pod } from "@/lib/contract/pods.ts";
import { blockQueries } from "@/lib/queries/blocks.ts";
import classes from "./pod-groups.module.css";
import { PodPhoneRow } from "./pod-phone-row.tsx";

export const groupings = ["block", "node", "pool", "none"] as const;
export type Grouping = (typeof groupings)[number];

/** What a pod is grouped under; several for a dual-stack pod, whose first address decides; null: it has none. */
function keyOf(pod: Pod, grouping: Exclude<Grouping, "none">): string | null {
  if (grouping === "node") return pod.node;
  const list = grouping === "block" ? pod.blocks : pod.pools;
  return list?.[0] ?? null;
}

/** Rows that follow each other under one key, in the order they came. */
function groupPods(
  pods: readonly Pod[],
  grouping: Exclude<Grouping, "none">,
): readonly { readonly key: string | null; readonly pods: readonly Pod[] }[] {
  const groups = new Map<string | null, Pod[]>();
  for (const pod of pods) {
    const key = keyOf(pod, grouping);
    const group = groups.get(key);
    if (group) group.push(pod);
    else groups.set(key, [pod]);
  }
  return [...groups].map(([key, members]) => ({ key, pods: members }));
}

interface Props {
  readonly list: Windowed<Pod>;
  readonly grouping: Exclude<Grouping, "none">;
  readonly columns: readonly Column<Pod>[];
}

/** The column that the head of a group says already. */
const groupColumn = { block: "blocks", node: "node", pool: "pools" } as const;

/** Pods under the block, node or pool they belong to, as the addresses lie. */
export function PodGroups({ list, grouping, columns }: Props) {
  const groups = groupPods(list.rows, grouping);
  const rest = useMemo(() => columns.filter(({ id }) => id !== groupColumn[grouping]), [columns, grouping]);
  const left = list.total === null ? 0 : list.total - list.rows.length;
  return (
    <>
      {groups.map((group) => (
        <section
          key={group.key ?? ""}
          className={classes.group}
          aria-label={group.key ?? "Without an address"}
        >
          <GroupHead grouping={grouping} name={group.key} pods={group.pods} />
          <DataTable
            label={`Pods in ${group.key ?? "no block"}`}
            columns={rest}
            rows={group.pods}
            rowId={(pod) => pod.uid}
            sort={null}
            serverSorted
            phoneRow={(pod) => <PodPhoneRow pod={pod} />}
          />
        </section>
      ))}
      {left > 0 ? (
        <Button className={classes.more} onClick={list.more}>
          Show more, {left} left
        </Button>
      ) : null}
    </>
  );
}

function GroupHead({
  grouping,
  name,
  pods,
}: {
  grouping: Exclude<Grouping, "none">;
  name: string | null;
  pods: readonly Pod[];
}) {
  if (name === null) {
    const isUnknown = grouping !== "node" && pods.some((pod) => pod[groupColumn[grouping]] === null);
    return (
      <div className={classes.head}>
        <h2>
          {grouping === "node" ? "On no node" : isUnknown ? `In an unknown ${grouping}` : `In no ${grouping}`}
        </h2>
      </div>
    );
  }
  if (grouping === "block") return <BlockHead name={name} shown={pods.length} />;
  const href =
    grouping === "pool" ? `/pools/${encodeURIComponent(name)}` : `/nodes?q=${encodeURIComponent(name)}`;
  return (
    <div className={classes.head}>
      <h2>
        <Link href={href}>
          <Mono>{name}</Mono>
        </Link>
      </h2>
    </div>
  );
}

function BlockHead({ name, shown }: { name: string; shown: number }) {
  const block = useQuery(blockQueries.detail(name)).data;
  const href = block?.pool
    ? `/pools/${encodeURIComponent(block.pool)}?tab=map&block=${encodeURIComponent(name)}`
    : `/addresses?block=${encodeURIComponent(name)}`;
  return (
    <div className={classes.head}>
      <h2>
        <Link href={href}>
          <Mono>{block?.cidr ?? name}</Mono>
        </Link>
      </h2>
      {block?.node ? <Mono>{block.node}</Mono> : null}
      {block ? (
        <span className={classes.note}>
          <CountOf value={shown} of={block.used} /> addresses in use here
        </span>
      ) : null}
    </div>
  );
}
