import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { systemClock } from "../../kube/clock.ts";
import { CredentialStore } from "../../kube/credentials.ts";
import { readClusterAccess } from "../../kube/kubeconfig.ts";
import { silentLog } from "../../kube/log.ts";
import { Transport } from "../../kube/transport.ts";
import { answerAsked } from "./child.ts";

/** A program: loopback doors to the API server of the kubeconfig in its first argument; `cluster-door.ts` asks it. */

interface Counts {
  openWatches: number;
  readonly paths: Map<string, { requests: number; bytes: number }>;
}

const source = JSON.parse(process.argv[2] ?? "") as { kubeconfig: string; context?: string };
/** Made with the first question, so that what is wrong with the kubeconfig is its answer. */
let cluster: ReturnType<typeof connect> | null = null;
const doors = new Map<number, Counts>();

/** Questions about what the asker may do are POSTs that change nothing. */
const harmless = /^\/apis\/(authorization|authentication)\.k8s\.io\/v1\/[a-z]+reviews$/;
/** These speak about one connection, not about what is asked. */
const hopHeaders = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "host",
  "content-length",
  "expect",
]);

async function connect() {
  const access = await readClusterAccess(source);
  return {
    credentials: new CredentialStore(source, access, systemClock, silentLog),
    transport: new Transport(access.server.origin, access.proxy),
    base: access.server.pathname.replace(/\/$/, ""),
  };
}

async function send(request: IncomingMessage, path: string, signal: AbortSignal) {
  const { credentials, transport, base } = await (cluster ??= connect());
  const { headers, tls } = await credentials.current();
  const kept = Object.entries(request.headers).filter(([name]) => !hopHeaders.has(name));
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return transport.send(
    {
      method: request.method ?? "GET",
      path: base + path,
      headers: { ...(Object.fromEntries(kept) as Record<string, string>), ...headers },
      body: parts.length === 0 ? null : Buffer.concat(parts).toString(),
      signal,
    },
    tls,
  );
}

async function pass(request: IncomingMessage, response: ServerResponse, counts: Counts): Promise<void> {
  const path = request.url ?? "/";
  const { pathname, searchParams } = new URL(path, "http://localhost");
  const isWatch = ["true", "1"].includes(searchParams.get("watch") ?? "");
  const name = `${isWatch ? "WATCH" : request.method} ${pathname}`;
  const count = counts.paths.get(name) ?? { requests: 0, bytes: 0 };
  counts.paths.set(name, count);
  count.requests += 1;
  if (isWatch) {
    counts.openWatches += 1;
    response.once("close", () => (counts.openWatches -= 1));
  }
  if (request.method !== "GET" && !(request.method === "POST" && harmless.test(pathname))) {
    response.writeHead(405).end("the bench changes nothing\n");
    return;
  }
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const answer = await send(request, path, gone.signal);
  for (const [header, value] of Object.entries(answer.headers))
    if (value !== undefined && !hopHeaders.has(header)) response.setHeader(header, value);
  response.writeHead(answer.status);
  // A watch says nothing for a while: whoever waits for its head must have it.
  response.flushHeaders();
  const counted = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      count.bytes += chunk.length;
      yield chunk;
    }
  };
  await pipeline(Readable.from(counted(answer.body), { objectMode: false }), response);
}

function asked(counts: Counts | undefined) {
  const all = [...(counts?.paths ?? [])];
  const sum = (of: "requests" | "bytes") => all.reduce((total, [, count]) => total + count[of], 0);
  return {
    requests: sum("requests"),
    bytes: sum("bytes"),
    openWatches: counts?.openWatches ?? 0,
    paths: Object.fromEntries(all),
  };
}

async function open(): Promise<{ port: number }> {
  const counts: Counts = { openWatches: 0, paths: new Map() };
  const server = createServer((request, response) => {
    // The client has gone or the API server has: either way this answer is over.
    pass(request, response, counts).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  doors.set(port, counts);
  return { port };
}

answerAsked(
  async ({ what, port }) => {
    if (what === "open") return open();
    if (what === "asked") return asked(doors.get(Number(port)));
    const { credentials, transport, base } = await (cluster ??= connect());
    const { headers, tls } = await credentials.current();
    const spec = { method: "GET", path: `${base}/version`, headers: { ...headers }, body: null };
    const { status, body } = await transport.send({ ...spec, signal: AbortSignal.timeout(10_000) }, tls);
    body.destroy();
    if (status !== 200) throw new Error(`the API server answers ${status} to GET /version`);
    return {};
  },
  async () => (await cluster)?.transport.close(),
);
