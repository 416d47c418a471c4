const NEWLINE = 0x0a;

/** A watch line longer than the splitter allows. The stream cannot be followed any further. */
export class OverlongLineError extends Error {
  override readonly name = "OverlongLineError";
}

/**
 * Cuts a byte stream into lines at byte 0x0A only: U+2028 and U+2029, which other splitters cut at, are legal inside JSON.
 * What follows the last newline is kept for the next chunk, and dropped with the splitter: a cut connection delivers half lines.
 */
export class LineSplitter {
  readonly #maxBytes: number;
  #kept: Buffer[] = [];
  #keptBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines completed by this chunk, without their newline; empty lines are left out. Throws OverlongLineError. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const line = this.#complete(chunk.subarray(start, end));
      if (line !== "") lines.push(line);
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  #complete(tail: Buffer): string {
    if (this.#keptBytes === 0) return tail.toString("utf8");
    this.#keep(tail);
    const line = Buffer.concat(this.#kept, this.#keptBytes).toString("utf8");
    this.#kept = [];
    this.#keptBytes = 0;
    return line;
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#kept.push(part);
    this.#keptBytes += part.length;
    if (this.#keptBytes > this.#maxBytes)
      throw new OverlongLineError(`a watch line exceeds ${this.#maxBytes} bytes`);
  }
}
