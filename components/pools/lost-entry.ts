import type { Activity } from "@/lib/contract/activity.ts";
import type { Pool, PoolChange } from "@/lib/contract/pools.ts";
import { fieldText, fieldWords } from "./pool-fields.ts";

type Entry = Pick<Activity, "id" | "object" | "resourceVersion" | "to">;

/**
 * Which of the newest writes that were done is the one whose answer was lost: by the request id where one came, else that which made
 * this change to this version of the pool, of which there is one at most. Null: none.
 */
export function lostEntry(
  entries: readonly Entry[],
  base: Pick<Pool, "uid" | "resourceVersion">,
  change: PoolChange,
  requestId: string,
): string | null {
  const isIt = ({ id, object, resourceVersion, to }: Entry) =>
    requestId === ""
      ? object?.uid === base.uid &&
        resourceVersion.before === base.resourceVersion &&
        fieldWords.every(
          ({ field }) =>
            !(field in change) ||
            (to !== null && field in to && fieldText(to, field) === fieldText(change, field)),
        )
      : id === requestId;
  return entries.find(isIt)?.id ?? null;
}
