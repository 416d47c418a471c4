import { Inventory } from "./inventory.ts";
import { type Kind, kinds } from "./kinds.ts";
import type { Row } from "./table.ts";

/** The inventory of those who may not list some kinds. */
export interface SharedInventory {
  readonly inventory: Inventory;
  /** It is not kept up any more, and nobody hears of it. */
  stop(): void;
}

let lastEpoch = 0;

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
  for (const kind of kinds) if (!withheld.has(kind)) for (const row of of.rowsOf(kind)) put(kind, row);
  of.followers.add(follower);
  const unsubscribe = of.changes.subscribe(({ reset, touched }) => {
    if (reset) inventory.changes.resetAll({ newEpoch: false });
    // Nothing that is read from the cluster makes it change.
    if (touched.includes("activity")) inventory.changes.touch("activity");
  });
  return {
    inventory,
    stop() {
      of.followers.delete(follower);
      unsubscribe();
      inventory.changes.stop();
    },
  };
}
