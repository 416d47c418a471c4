/**
 * A map with a few entries changed, sharing the rest with the map it came from. Chains are kept one level deep and are
 * written out as a plain map once the changes outgrow the square root of the base, so n single changes cost O(n√n) at most.
 */
export function overlay<K, V>(base: ReadonlyMap<K, V>, changes: ReadonlyMap<K, V | null>): ReadonlyMap<K, V> {
  if (changes.size === 0) return base;
  const [root, all] = base instanceof OverlayMap ? base.extend(changes) : [base, changes];
  const view = new OverlayMap<K, V>(root, all);
  return all.size > 64 && all.size * all.size > root.size ? new Map(view) : view;
}

class OverlayMap<K, V> implements ReadonlyMap<K, V> {
  readonly #base: ReadonlyMap<K, V>;
  /** Null: removed. */
  readonly #changes: ReadonlyMap<K, V | null>;
  readonly size: number;

  constructor(base: ReadonlyMap<K, V>, changes: ReadonlyMap<K, V | null>) {
    this.#base = base;
    this.#changes = changes;
    let size = base.size;
    for (const [key, value] of changes) size += Number(value !== null) - Number(base.has(key));
    this.size = size;
  }

  extend(changes: ReadonlyMap<K, V | null>): [ReadonlyMap<K, V>, ReadonlyMap<K, V | null>] {
    return [this.#base, new Map([...this.#changes, ...changes])];
  }

  get(key: K): V | undefined {
    const changed = this.#changes.get(key);
    return changed === undefined ? this.#base.get(key) : (changed ?? undefined);
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  *entries(): MapIterator<[K, V]> {
    for (const entry of this.#base) if (!this.#changes.has(entry[0])) yield entry;
    for (const [key, value] of this.#changes) if (value !== null) yield [key, value];
  }

  *keys(): MapIterator<K> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }
}
