/** What was used last, by key: beyond `most` entries the one that was not used for longest is forgotten. */
export class Recent<Value> {
  readonly #most: number;
  readonly #values = new Map<string, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  /** Returns what had to be forgotten for it. */
  set(key: string, value: Value): Value | null {
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values;
    if (!oldest || this.#values.size <= this.#most) return null;
    this.#values.delete(oldest[0]);
    return oldest[1];
  }

  delete(key: string): void {
    this.#values.delete(key);
  }
}
