"use client";
import type { List } from "@/lib/contract/common.ts";
import type { Node } from "@/lib/contract/nodes.ts";
import type { Progress } from "@/lib/queries/lists.ts";
import { SaveRows } from "../ui/save-buttons.tsx";
import { matrixLineColumns, matrixLines } from "./matrix-lines.ts";

interface Props {
  /** Reads every node that is meant. */
  readonly whole: (signal: AbortSignal, tell: Progress) => Promise<List<Node>>;
  /** Only what they have in it. */
  readonly pool?: string;
  readonly empty?: boolean;
}

/** Saves what each node has in each pool, or in one. */
export function SaveMatrix({ whole, pool, empty = false }: Props) {
  return (
    <SaveRows
      name={pool === undefined ? "nodes-and-pools" : `nodes-${pool}`}
      columns={matrixLineColumns}
      rows={async (signal, tell) => matrixLines(await whole(signal, tell), pool)}
      empty={empty}
    />
  );
}
