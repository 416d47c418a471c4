import { get, Agent, type IncomingMessage } from "node:http";
import type { ChangeEvent } from "../../contract/events.ts";
import { eventReader } from "../../queries/event-stream.ts";
import { answerAsked } from "./child.ts";

/**
 * A program: viewers of the Poolboard in its first argument, as many as it is asked for. All read their streams, as browsers do with
 * gzip, and look at nothing; one more, which is not counted, reads it plain and tells the others, if they are pages, when to ask.
 */

const [url = ""] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 500 });
const streams = new Set<IncomingMessage>();
const counts = {
  bytes: 0,
  plainBytes: 0,
  frames: 0,
  requests: 0,
  failed: 0,
  cut: 0,
  answerMs: [] as number[],
};

/** What a page asks for when the stream says that something changed: a window of pods, a map, what the overview shows. */
const pages: readonly (readonly string[])[] = [
  ["pods?limit=200", "pods?limit=200&state=noAddress"],
  ["pools/big/map"],
  ["pods?limit=200&state=noAddress", "namespaces?limit=200&problem=true", "namespaces?limit=8&sort=-inUse"],
];
const etags = new Map<string, string>();
let paceMs = 500;
let asking: { readonly paths: readonly string[]; at: number; waits: boolean }[] = [];

async function ask(path: string): Promise<void> {
  const start = performance.now();
  const etag = etags.get(path);
  const headers = { "accept-encoding": "gzip", ...(etag === undefined ? {} : { "if-none-match": etag }) };
  await new Promise<void>((resolve) => {
    get(`${url}/api/v1/${path}`, { agent, headers }, (answer) => {
      if (answer.headers.etag !== undefined) etags.set(path, answer.headers.etag);
      if (answer.statusCode !== 200 && answer.statusCode !== 304) counts.failed += 1;
      answer.on("close", resolve).resume();
    }).on("error", () => {
      counts.failed += 1;
      resolve();
    });
  });
  counts.requests += 1;
  counts.answerMs.push(performance.now() - start);
}

/** As `lib/queries/pace.ts` does it in each browser. */
function wake(): void {
  for (const page of asking) {
    if (page.waits) continue;
    page.waits = true;
    const wait = Math.max(0, page.at + paceMs * (0.75 + Math.random() / 2) - Date.now());
    setTimeout(() => {
      page.at = Date.now();
      void Promise.all(page.paths.map(ask)).then(() => (page.waits = false));
    }, wait);
  }
}

function open(encoding: "gzip" | "identity", take: (answer: IncomingMessage) => void): Promise<void> {
  const headers = { accept: "text/event-stream", "accept-encoding": encoding };
  return new Promise((resolve, reject) => {
    get(`${url}/api/v1/events`, { agent: false, headers }, (answer) => {
      if (answer.statusCode !== 200)
        return reject(new Error(`a stream was answered with ${answer.statusCode}`));
      take(answer);
      resolve();
    }).on("error", reject);
  });
}

await open("identity", (answer) => {
  const read = eventReader();
  answer.setEncoding("utf8");
  answer.on("data", (piece: string) => {
    counts.plainBytes += piece.length;
    for (const { name, data } of read(piece)) {
      if (name !== "change") continue;
      counts.frames += 1;
      if (asking.length === 0) continue;
      ({ paceMs = paceMs } = JSON.parse(data) as ChangeEvent);
      wake();
    }
  });
});

answerAsked(
  async ({ what, viewers }) => {
    if (what === "viewers") {
      for (const answer of [...streams].slice(Number(viewers))) {
        streams.delete(answer);
        answer.destroy();
      }
      while (streams.size < Number(viewers)) {
        await open("gzip", (answer) => {
          streams.add(answer);
          answer.on("data", (chunk: Buffer) => (counts.bytes += chunk.length));
          answer.on("close", () => {
            if (streams.delete(answer)) counts.cut += 1;
          });
        });
      }
    }
    if (what === "pages") {
      const begin = Date.now();
      asking = Array.from({ length: Number(viewers) }, (_, index) => ({
        paths: pages[index % pages.length] ?? [],
        at: begin,
        waits: false,
      }));
    }
    const { answerMs, ...sums } = counts;
    const told = { ...sums, streams: streams.size, paceMs, answerMs: answerMs.splice(0) };
    counts.bytes = counts.plainBytes = counts.frames = counts.requests = counts.failed = counts.cut = 0;
    return told;
  },
  async () => {
    for (const answer of streams) answer.destroy();
  },
);
process.stdout.write("ready\n");
