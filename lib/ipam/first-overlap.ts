import { type Cidr, cidrContainsCidr, cidrsOverlap } from "./cidr.ts";
import { familyBits } from "./address.ts";

/**
 * Answers "which of these comes first in the given order and overlaps that network?" without walking them all:
 * one table per prefix length in use, and a walk only over networks longer than the one asked for.
 */
export class FirstOverlap<Item extends { readonly cidr: Cidr }> {
  readonly #items: readonly Item[];
  /** `${family}/${prefix}` → base → index of the first item with that network. */
  readonly #tables = new Map<string, { cidr: Cidr; byBase: Map<bigint, number> }>();

  constructor(items: readonly Item[]) {
    this.#items = items;
    items.forEach(({ cidr }, index) => {
      const key = `${cidr.family}/${cidr.prefix}`;
      const table = this.#tables.get(key) ?? { cidr, byBase: new Map<bigint, number>() };
      if (!table.byBase.has(cidr.base)) table.byBase.set(cidr.base, index);
      this.#tables.set(key, table);
    });
  }

  /** The first item that overlaps `cidr`, in the order given to the constructor. */
  find(cidr: Cidr): Item | null {
    let first = Number.POSITIVE_INFINITY;
    for (const table of this.#tables.values()) {
      if (table.cidr.family !== cidr.family) continue;
      if (table.cidr.prefix <= cidr.prefix) {
        const hostBits = BigInt(familyBits(cidr.family) - table.cidr.prefix);
        first = Math.min(first, table.byBase.get((cidr.base >> hostBits) << hostBits) ?? first);
      } else {
        for (const index of table.byBase.values()) {
          const item = this.#items[index];
          if (index < first && item !== undefined && cidrsOverlap(item.cidr, cidr)) first = index;
        }
      }
    }
    return this.#items[first] ?? null;
  }

  /** The first item that contains all of `cidr`. */
  findContaining(cidr: Cidr): Item | null {
    const found = this.find(cidr);
    if (found === null || cidrContainsCidr(found.cidr, cidr)) return found;
    return this.#items.find((item) => cidrContainsCidr(item.cidr, cidr)) ?? null;
  }
}
