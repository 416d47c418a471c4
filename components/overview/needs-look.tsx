"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { Namespace } from "@/lib/contract/namespaces.ts";
import type { Pod } from "@/lib/contract/pods.ts";
import type { Pool } from "@/lib/contract/pools.ts";
import { flatten } from "@/lib/queries/lists.ts";
import { namespaceQueries } from "@/lib/queries/namespaces.ts";
import { podQueries } from "@/lib/queries/pods.ts";
import { poolHref } from "../pools/pool-name.tsx";
import { plural, poolState } from "../pools/pool-words.ts";
import { Glyph, type Tone } from "../ui/glyph.tsx";
import { MissingNotice } from "../ui/missing.tsx";
import { Section } from "../ui/page-header.tsx";
import { Age, Foreign } from "../ui/value.tsx";
import classes from "./needs-look.module.css";

interface Item {
  readonly key: string;
  readonly tone: Tone;
  readonly what: string;
  readonly detail: string;
  readonly href: string;
  /** Since when; null when nobody knows. */
  readonly since: string | null;
}

const waitingPods = podQueries.list({ state: "noAddress" });

/** Pods that wait for an address, by the query the list below uses. */
export function useWaitingPods(): number | null {
  return flatten(useInfiniteQuery(waitingPods).data).total;
}

/** What somebody should look at: pods without an address, namespaces that name what is not there, pools that give nothing. */
export function NeedsLook({ pools }: { pools: readonly Pool[] }) {
  const pods = useInfiniteQuery(waitingPods);
  const namespaces = useInfiniteQuery(namespaceQueries.list({ problem: true }));
  const waiting = flatten(pods.data).items;
  const troubled = flatten(namespaces.data).items;
  const items = [
    ...podItems(waiting ?? []),
    ...(troubled ?? []).flatMap(namespaceItems),
    ...pools.flatMap(poolItems),
  ];
  const unread = [...(pods.data?.pages ?? []), ...(namespaces.data?.pages ?? [])];
  const hidden = [
    pods.error !== null || waiting === null ? "Nobody can say whether a pod waits for an address." : "",
    namespaces.error !== null || troubled === null
      ? "Nobody can say whether a namespace names a pool that is not there."
      : "",
  ].filter((sentence) => sentence !== "");
  const known = pods.data !== undefined && namespaces.data !== undefined && hidden.length === 0;
  return (
    <Section
      title={
        <>Needs a look{items.length === 0 ? null : <span className={classes.count}> {items.length}</span>}</>
      }
    >
      <MissingNotice of={unread} />
      {hidden.map((sentence) => (
        <p key={sentence} className={classes.quiet}>
          {sentence}
        </p>
      ))}
      {items.length === 0 ? (
        known ? (
          <p className={classes.quiet}>
            Every pod has its address, and every namespace names pools that exist.
          </p>
        ) : null
      ) : (
        <ul>
          {items.map((item) => (
            <li key={item.key} className={classes.item}>
              <Glyph shape="triangle" tone={item.tone} />
              <Link className={classes.link} href={item.href}>
                <Foreign>{item.what}</Foreign>
                <span className={classes.detail}>
                  {" · "}
                  <Foreign>{item.detail}</Foreign>
                </span>
              </Link>
              {item.since === null ? null : (
                <span className={classes.age}>
                  <Age since={item.since} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function podItems(pods: readonly Pod[]): readonly Item[] {
  const byNamespace = Map.groupBy(pods, (pod) => pod.namespace);
  return [...byNamespace].map(([namespace, waiting]) => ({
    key: `pods ${namespace}`,
    tone: "crit",
    what: `${plural(waiting.length, "pod")} cannot get an address`,
    detail: namespace,
    href: `/pods?${new URLSearchParams({ namespace, state: "noAddress" }).toString()}`,
    since: waiting.map((pod) => pod.createdAt).sort()[0] ?? null,
  }));
}

function namespaceItems({ name, problems }: Namespace): readonly Item[] {
  return (problems ?? []).map((problem) => ({
    key: `namespace ${name} ${problem.field} ${problem.code}`,
    tone: "warn",
    what: name,
    detail: problem.message,
    href: `/namespaces?${new URLSearchParams({ q: name }).toString()}`,
    since: null,
  }));
}

/** Disabled pools are somebody's choice; these states are not. */
const unwanted: readonly Pool["state"]["reason"][] = ["CIDROverlap", "NoEligibleNode", "Terminating"];

function poolItems(pool: Pool): readonly Item[] {
  if (!unwanted.includes(pool.state.reason)) return [];
  const { word, reason } = poolState(pool);
  return [
    {
      key: `pool ${pool.name}`,
      tone: "warn",
      what: `${pool.name} gives nothing`,
      detail: typeof reason === "string" ? reason : word,
      href: poolHref(pool.name),
      since: null,
    },
  ];
}
