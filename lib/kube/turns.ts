/**
 * Long work in slices, so that requests and streams are served in between. All that work so share one slice a turn of the event
 * loop: eleven kinds that are read at once would else take eleven.
 */
const SLICE_MS = 8;

let sliceBegan = Number.NEGATIVE_INFINITY;
let next: Promise<void> | null = null;

/** True when the slice of this turn is used up. */
export function isTurnOver(): boolean {
  return performance.now() - sliceBegan > SLICE_MS;
}

/** Resolves in the next turn, in the order in which it was asked for. Others may have worked since: look again. */
export function nextTurn(): Promise<void> {
  next ??= new Promise((resolve) => {
    setImmediate(() => {
      next = null;
      sliceBegan = performance.now();
      resolve();
    });
  });
  return next;
}

const MOST_AT_ONCE = 100;

/** Works through all items, some at a time. What `work` throws ends it. */
export async function inSlices<T>(items: readonly T[], work: (some: readonly T[]) => void): Promise<void> {
  for (let start = 0; start < items.length; start += MOST_AT_ONCE) {
    while (isTurnOver()) await nextTurn();
    work(items.slice(start, start + MOST_AT_ONCE));
  }
}
