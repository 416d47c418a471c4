/** What a program said on stderr, line by line: how often each message came, and what nobody expects there. */
export class LogLines {
  /** Level and message → how often. */
  readonly counts = new Map<string, number>();
  /** Errors, and lines that are no log entries, as they stood; the first hundred. */
  readonly unexpected: string[] = [];
  #rest = "";

  /** Takes the next piece of text, however it is cut. */
  take(piece: string): void {
    const lines = (this.#rest + piece).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#read(line.trim());
  }

  #read(line: string): void {
    if (line === "") return;
    const entry = entryOf(line);
    if (entry === null || entry.level === "error" || entry.level === "fatal") {
      if (this.unexpected.length < 100) this.unexpected.push(line.slice(0, 500));
    }
    const key = entry === null ? "no log entry" : `${entry.level}: ${entry.msg}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }
}

function entryOf(line: string): { readonly level: string; readonly msg: string } | null {
  try {
    const { level, msg } = JSON.parse(line) as { level?: unknown; msg?: unknown };
    return typeof level === "string" && typeof msg === "string" ? { level, msg } : null;
  } catch {
    return null;
  }
}
