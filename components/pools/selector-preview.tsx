"use client";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { formatCount } from "@/components/ui/count.ts";
import { sentence } from "@/components/ui/sentence.ts";
import { Foreign } from "@/components/ui/value.tsx";
import { selectorProblem } from "@/lib/ipam/selector.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { type Selected, selectorQueries } from "@/lib/queries/selector.ts";
import classes from "./selector-preview.module.css";

interface Props {
  readonly kind: "nodes" | "namespaces";
  /** The selector as typed. */
  readonly text: string;
}

const words = { nodes: ["node", "nodes"], namespaces: ["namespace", "namespaces"] } as const;

/** Under the field of a selector: what it matches now, or in Calico's words why it is no selector. */
export function SelectorPreview({ kind, text }: Props) {
  const problem = selectorProblem(text);
  const [settled] = useDebouncedValue(text, 250);
  const asked = problem === null && selectorProblem(settled) === null;
  const found = useQuery({
    ...selectorQueries.selected(kind, settled),
    enabled: asked,
    placeholderData: keepPreviousData,
  });
  const all = useQuery(selectorQueries.selected(kind, ""));
  return (
    <p className={classes.preview} role="status" data-bad={problem !== null || undefined}>
      {problem === null ? (
        <Matches kind={kind} found={found.data} all={all.data} error={found.error ?? all.error} />
      ) : (
        <>
          Not a selector: <Foreign>{problem}</Foreign>
        </>
      )}
    </p>
  );
}

function Matches({
  kind,
  found,
  all,
  error,
}: {
  kind: Props["kind"];
  found: Selected | undefined;
  all: Selected | undefined;
  error: Error | null;
}) {
  const [one, many] = words[kind];
  if (found === undefined || all === undefined) {
    if (error === null) return <>Looking for {many}</>;
    return (
      <>
        What it matches is unknown: <Foreign>{sentence(toProblemError(error).problem.detail)}</Foreign>
      </>
    );
  }
  if (found.items === null || found.total === null || all.total === null) {
    return (
      <>
        What it matches is unknown: <Foreign>{sentence(found.unknown?.[0]?.reason ?? "")}</Foreign>
      </>
    );
  }
  const rest = found.total - found.items.length;
  return (
    <>
      Matches {formatCount(found.total)} of {formatCount(all.total)} {all.total === 1 ? one : many}
      {found.items.map(({ name }, index) => (
        <Fragment key={name}>
          {index === 0 ? ": " : ", "}
          <Foreign>{name}</Foreign>
        </Fragment>
      ))}
      {rest > 0 ? ` and ${formatCount(rest)} more` : ""}
    </>
  );
}
