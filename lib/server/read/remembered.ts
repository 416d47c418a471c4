import type { Inventory } from "../../inventory/inventory.ts";
import { Recent } from "../../inventory/recent.ts";

interface Memory {
  readonly version: string;
  readonly values: Recent<unknown>;
}

const memories = new WeakMap<Inventory, Memory>();

/** Different questions answered at one version; more than this many and those that were longest not asked are asked again. */
const most = 24;

/**
 * What `make` made for this key since the inventory last changed: many viewers with one question cost its work once.
 * The same key must always stand for the same type.
 */
export function remembered<Value>(inventory: Inventory, key: string, make: () => Value): Value {
  const { version } = inventory;
  let memory = memories.get(inventory);
  if (memory?.version !== version) memories.set(inventory, (memory = { version, values: new Recent(most) }));
  const known = memory.values.get(key) as Value | undefined;
  if (known !== undefined) return known;
  const made = make();
  memory.values.set(key, made);
  return made;
}
