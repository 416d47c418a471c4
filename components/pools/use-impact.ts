"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Impact } from "@/lib/contract/impact.ts";
import { seenVersions } from "@/lib/queries/http.ts";
import { poolQueries } from "@/lib/queries/pools.ts";

/** How often the facts of an open dialog are asked for anew, at most. */
const EVERY_MS = 5000;

type Question = ReturnType<typeof poolQueries.impact>;

/**
 * The impact of a change to one version of a pool, kept true while somebody reads it: asked for anew when anything in the cluster
 * has changed. `changed`: somebody else is concerned now than when it was first read.
 */
export function useImpact(question: Question) {
  const resourceVersion = question.queryKey[5];
  const query = useQuery({
    ...question,
    staleTime: 0,
    gcTime: 0,
  });
  const { data, refetch } = query;
  const asked = useRef(seenVersions.stream);
  useEffect(() => {
    const timer = setInterval(() => {
      if (asked.current === seenVersions.stream) return;
      asked.current = seenVersions.stream;
      void refetch({ cancelRefetch: false });
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [refetch]);
  const [first, setFirst] = useState<{ readonly of: string; readonly concerned: string } | null>(null);
  const concerned = data === undefined ? null : concernedBy(data);
  if (concerned !== null && first?.of !== resourceVersion) setFirst({ of: resourceVersion, concerned });
  return { query, changed: concerned !== null && first !== null && first.concerned !== concerned };
}

/** Whom it hits; how many addresses are free meanwhile changes all the time and is left out. */
function concernedBy({ confirm, statements }: Impact): string {
  const hit = statements.filter(({ kind }) => kind !== "capacity" && kind !== "unchanged");
  return JSON.stringify([confirm, hit.map(({ kind, subject, to }) => [kind, subject, to])]);
}
