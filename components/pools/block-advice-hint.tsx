"use client";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { blockAdvice } from "@/lib/ipam/block-advice.ts";
import { selectorProblem } from "@/lib/ipam/selector.ts";
import { nodeQueries } from "@/lib/queries/nodes.ts";
import { Glyph } from "../ui/glyph.tsx";
import { Powers } from "../ui/powers.tsx";
import { adviceWords } from "./block-advice-words.ts";
import classes from "./block-advice-hint.module.css";
import { draftShape, type PoolDraft } from "./pool-draft.ts";

/** Blocks that one node may hold where nobody has set another number. Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go */
const usualLimit = 20;

/** What the block size means for the nodes that the selector matches. */
export function BlockAdviceHint({ draft }: { draft: PoolDraft }) {
  const selector = draft.nodeSelector.trim() === "" ? "all()" : draft.nodeSelector;
  const [settled] = useDebouncedValue(selector, 250);
  const busiest = useQuery({
    ...nodeQueries.busiest(settled),
    enabled: selectorProblem(settled) === null,
    placeholderData: keepPreviousData,
  }).data;
  const shape = draftShape(draft);
  if (shape === null)
    return (
      <p className={classes.hint} role="status">
        The size is known once the CIDR is.
      </p>
    );
  const [node] = busiest?.items ?? [];
  const question = {
    family: shape.cidr.family,
    prefix: shape.cidr.prefix,
    blockSize: shape.blockSize,
    nodes: busiest?.total ?? null,
    perNode: node?.used ?? null,
    blockLimit: node?.blockLimit ?? usualLimit,
  };
  const advice = blockAdvice(question);
  if (advice === null) return null;
  const { facts, warning } = adviceWords(question, advice);
  return (
    <div className={classes.hint} role="status">
      <p>
        <Powers>{facts.join(" ")}</Powers>
      </p>
      {warning === null ? null : (
        <p className={classes.warning}>
          <Glyph shape="triangle" tone="warn" />
          <span>
            <Powers>{warning}</Powers>
          </span>
        </p>
      )}
    </div>
  );
}
