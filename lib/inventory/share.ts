import { Inventory } from "./inventory.ts";
import { type Kind, kinds } from "./kinds.ts";
import type { Row } from "./table.ts";

/** The inventory of those who may not list some kinds. */
export interface SharedInventory {
  readonly inventory: Inventory;
  /** Resolves when everything that had been read is in it; before, it is not to be shown. */
  readonly filled: Promise<void>;
  /** It is not kept up any more, and nobody hears of it. */
  stop(): void;
}

let lastEpoch = 0;

/** All pods of a large cluster at once would hold up everybody. */
const ROWS_AT_ONCE = 2_000;

/** Puts what is there, a slice at a time. What comes or goes meanwhile is told to the follower, and it does not matter here. */
async function fill(
  of: Inventory,
  shown: readonly Kind[],
  put: (kind: Kind, row: Row) => void,
): Promise<void> {
  for (const kind of shown) for (const row of of.unreadable(kind)) put(kind, row);
  for (const kind of shown) {
    let left = ROWS_AT_ONCE;
    for (const row of of.rowsOf(kind)) {
      put(kind, row);
      if (--left > 0) continue;
      left = ROWS_AT_ONCE;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/**
 * An inventory that was fed with everything but the kinds in `withheld`, and goes on to be: to them it answers as to a kind
 * that Poolboard itself may not read, and no join, sum or version of it has ever seen one of their objects.
 */
export function shareInventory(of: Inventory, withheld: ReadonlySet<Kind>): SharedInventory {
  // Told apart from all others of this process, also when many begin at once.
  const epoch = Math.max(of.clock.now(), lastEpoch + 1);
  lastEpoch = epoch;
  const { connection, readOnly, clock } = of;
  const inventory = new Inventory(connection, { readOnly, clock, share: { of, withheld, epoch } });
  // Rows know whether they are gone, and that is another moment in each inventory.
  const put = (kind: Kind, row: Row) => inventory.put(kind, { ...row, gone: false });
  const looked = () => {
    const { detection, phase } = of;
    if (detection) inventory.setDetection(detection);
    else if (phase.status === "starting" && phase.trouble !== null) inventory.setTrouble(phase.trouble);
  };
  const follower = {
    put: (kind: Kind, row: Row) => {
      if (!withheld.has(kind)) put(kind, row);
    },
    remove: (kind: Kind, namespace: string, name: string) => {
      if (!withheld.has(kind)) inventory.remove(kind, namespace, name);
    },
    looked,
  };
  looked();
  of.followers.add(follower);
  const filled = fill(
    of,
    kinds.filter((kind) => !withheld.has(kind)),
    put,
  );
  const unsubscribe = of.changes.subscribe(({ reset, touched, ...rows }) => {
    if (reset) inventory.changes.resetAll({ newEpoch: false });
    // How far the reading is, or that the cluster is lost: it concerns no object.
    else if (touched.length + rows.pools.length + rows.blocks.length === 0) inventory.changes.touch();
    // Nothing that is read from the cluster makes it change.
    if (touched.includes("activity")) inventory.changes.touch("activity");
  });
  return {
    inventory,
    filled,
    stop() {
      of.followers.delete(follower);
      unsubscribe();
      inventory.changes.stop();
    },
  };
}
