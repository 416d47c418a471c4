/** One event of an SSE stream. */
export interface StreamEvent {
  readonly name: string;
  readonly data: string;
}

/**
 * Reads Server-Sent Events from pieces of text, however they are cut. Comments and fields we do not use are dropped.
 * The returned function takes the next piece and gives the events that it completes.
 */
export function eventReader(): (piece: string) => readonly StreamEvent[] {
  let rest = "";
  let name = "message";
  let data: string[] = [];
  return (piece) => {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    const events: StreamEvent[] = [];
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) events.push({ name, data: data.join("\n") });
        name = "message";
        data = [];
        continue;
      }
      const colon = line.indexOf(":");
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") name = value;
      else if (field === "data") data.push(value);
    }
    return events;
  };
}
