/**
 * Texts that repeat (namespaces, nodes, handle prefixes) as small numbers, so that a packed address holds four bytes
 * in place of a pointer. Id 0 stands for "absent"; ids are never reused.
 */
export class Interner {
  private readonly ids = new Map<string, number>();
  private readonly texts: string[] = [""];

  /** The id of a text, made on first sight; null and empty text are 0. */
  id(text: string | null): number {
    if (text === null || text === "") return 0;
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = this.texts.length;
    this.ids.set(text, id);
    this.texts.push(text);
    return id;
  }

  /** The id of a text, or null when it was never seen: a filter on it matches nothing. */
  find(text: string): number | null {
    return this.ids.get(text) ?? null;
  }

  text(id: number): string | null {
    return id === 0 ? null : (this.texts[id] ?? null);
  }

  /** The same text, always the same string object: equal names from different objects share their memory. */
  share(text: string): string {
    return this.texts[this.id(text)] ?? text;
  }
}
