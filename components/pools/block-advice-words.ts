import type { BlockAdvice, BlockQuestion } from "@/lib/ipam/block-advice.ts";
import { countText, formatCount } from "../ui/count.ts";

/** What follows from a block size, a sentence each; `warning` where somebody has to choose again. */
export function adviceWords(
  { blockSize, nodes, perNode }: Pick<BlockQuestion, "blockSize" | "nodes" | "perNode">,
  advice: BlockAdvice,
): { readonly facts: readonly string[]; readonly warning: string | null } {
  const { perBlock, blocks, busiest, without, better } = advice;
  const facts = [
    `/${blockSize}: ${count(perBlock, "address", "addresses")} a block, ${count(blocks, "block", "blocks")}, so ${count(blocks, "node", "nodes")} can hold one.`,
    `A node with 1 pod holds ${countText(perBlock)}.`,
  ];
  if (nodes !== null && nodes > 0) {
    const match = nodes === 1 ? "1 node matches" : `${formatCount(nodes)} nodes match`;
    const busy =
      busiest === null || perNode === null
        ? ""
        : `; the busiest uses ${count(BigInt(perNode), "address", "addresses")} now, which is ${count(busiest, "block", "blocks")}`;
    facts.push(`${match}${busy}.`);
  }
  const instead = better === null ? "" : ` Blocks of /${better} would do.`;
  if (without !== null && without > 0n) {
    const who =
      without === 1n
        ? "1 node gets no block of its own: its pods borrow"
        : `${countText(without)} nodes get no block of their own: their pods borrow`;
    return { facts, warning: `${who}, or fail where strict affinity is on.${instead}` };
  }
  if (better !== null) return { facts, warning: `Not every node can be as busy as the busiest.${instead}` };
  return { facts, warning: null };
}

function count(value: bigint, one: string, many: string): string {
  return `${countText(value)} ${value === 1n ? one : many}`;
}
