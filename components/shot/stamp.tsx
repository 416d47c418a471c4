"use client";
import { useQuery } from "@tanstack/react-query";
import { usePathname, useSearchParams } from "next/navigation";
import { formatAge } from "@/lib/format/age.ts";
import { clusterQueries } from "@/lib/queries/cluster.ts";
import { useFreshness } from "@/lib/queries/use-live.ts";
import { Mark } from "../shell/mark.tsx";
import { useNow } from "../ui/clock.ts";
import { Foreign } from "../ui/value.tsx";
import { stampedPath } from "./shot-url.ts";
import classes from "./stamp.module.css";
import { useCompleteness } from "./use-completeness.ts";

/**
 * The foot of every picture: whose it is, of which cluster and when, how old the data was, and whether anything could not
 * be read. Without a clock that stands still it ticks once a second.
 */
export function Stamp() {
  const { data: cluster } = useQuery(clusterQueries.cluster());
  const path = stampedPath(usePathname(), useSearchParams().toString());
  const { currentAt } = useFreshness();
  const now = useNow(1);
  const completeness = useCompleteness();
  return (
    <footer className={classes.stamp} aria-label="About this picture">
      <span className={classes.brand}>
        <Mark />
        Poolboard
      </span>
      <span>{cluster ? <Foreign>{cluster.name}</Foreign> : null}</span>
      <span>{now === 0 ? null : utcText(now)}</span>
      <span>
        {currentAt === null || now === 0
          ? "data not read yet"
          : `data ${formatAge(Math.max(0, now - currentAt) / 1000)} old`}
      </span>
      <span>
        Calico <Foreign>{cluster?.calico.version ?? "of unknown version"}</Foreign>
      </span>
      <span className={classes.path}>
        <Foreign>{path}</Foreign>
      </span>
      <span className={classes.complete} data-whole={completeness.startsWith("complete") || undefined}>
        <Foreign>{completeness}</Foreign>
      </span>
    </footer>
  );
}

/** `2026-11-23 15:40:02 UTC` */
function utcText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
