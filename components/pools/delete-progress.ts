import type { Pool, PoolDeleteResult } from "@/lib/contract/pools.ts";

type Step = PoolDeleteResult["steps"][number];

/** A step as it is shown: as the server told it, or `running` while its answer is awaited. */
export interface ShownStep extends Omit<Step, "outcome"> {
  readonly outcome: Step["outcome"] | "running";
}

type Seen = Pick<Pool, "disabled" | "blocks">;

/**
 * Where a delete stands whose answer is awaited, as far as the live pool shows it. `now` null: the pool is gone. What cannot be
 * seen from outside counts as running until something after it has happened.
 */
export function progressOf(plan: readonly Step[], before: Seen, now: Seen | null): readonly ShownStep[] {
  const isDone = (name: Step["name"]) => {
    if (now === null) return true;
    if (name === "check") return now.disabled && !before.disabled;
    if (name === "disable") return now.disabled;
    const hadBlocks = before.blocks.claimed !== "0" && before.blocks.claimed !== null;
    if (name === "releaseAffinities") return hadBlocks && now.blocks.claimed === "0";
    return false;
  };
  const last = plan.findLastIndex(({ name }) => isDone(name));
  return plan.map((step, index): ShownStep => {
    if (index <= last) return { ...step, outcome: "done" };
    if (index > last + 1) return step;
    return { ...step, outcome: "running", detail: detailOf(step, before, now) };
  });
}

function detailOf({ name, detail }: Step, before: Seen, now: Seen | null): string {
  const left = now?.blocks.claimed ?? null;
  const all = before.blocks.claimed;
  const counts = name === "releaseAffinities" || name === "delete";
  return !counts || left === null || all === null || all === "0"
    ? detail
    : `${left} of ${all} blocks are left.`;
}
