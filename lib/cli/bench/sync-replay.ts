import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { listOf, PROTOBUF, readProtobuf } from "../../kube/protobuf.ts";
import { answerAsked } from "./child.ts";

/**
 * A program: records lists of the API server at the address in its first argument, page by page, and serves the bytes again.
 * Without the server's work to encode them, what is measured is the client's. One port offers protobuf where the server did, the
 * other only JSON.
 */

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly bytes: Buffer;
}

export interface ListRequest {
  readonly path: string;
  readonly fieldSelector?: string;
  readonly limit: number;
}

const upstream = process.argv[2] ?? "";
const recorded = new Map<string, Answer>();
const lists: Record<"json" | "protobuf", string[]> = { json: [], protobuf: [] };
const counts = { requests: 0, bytes: 0 };

/** Whatever the order of the parameters. Later pages are known by their token: clients may ask for fewer objects by then. */
function keyOf(path: string, query: URLSearchParams, encoding: string): string {
  const token = query.get("continue");
  const page = token === null ? `${query.get("fieldSelector")} ${query.get("limit")}` : token;
  return `${path} ${page} ${encoding}`;
}

async function record({ path, fieldSelector, limit }: ListRequest, encoding: "json" | "protobuf") {
  let token = "";
  do {
    const query = new URLSearchParams({ limit: String(limit) });
    if (fieldSelector !== undefined) query.set("fieldSelector", fieldSelector);
    if (token !== "") query.set("continue", token);
    const accept = encoding === "json" ? "application/json" : `${PROTOBUF}, application/json`;
    const url = `${path}?${query}`;
    const response = await fetch(upstream + url, { headers: { accept, "accept-encoding": "identity" } });
    const bytes = Buffer.from(await response.arrayBuffer());
    const type = response.headers.get("content-type") ?? "";
    const answer = { status: response.status, type, bytes };
    recorded.set(keyOf(path, query, encoding), answer);
    lists[encoding].push(url);
    token = continueOf(answer);
  } while (token !== "");
}

/** The token of the next page; "" on the last one. */
function continueOf({ type, bytes }: Answer): string {
  const body = type.startsWith(PROTOBUF) ? readProtobuf(bytes, listOf([])) : JSON.parse(bytes.toString());
  return (body as { metadata?: { continue?: string } }).metadata?.continue ?? "";
}

function serve(request: IncomingMessage, response: ServerResponse, offersProtobuf: boolean): void {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const isWatch = searchParams.get("watch") === "true";
  if (isWatch) {
    response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
    return;
  }
  const wantsProtobuf = offersProtobuf && (request.headers.accept ?? "").includes(PROTOBUF);
  const answer = recorded.get(keyOf(pathname, searchParams, wantsProtobuf ? "protobuf" : "json"));
  if (!answer) {
    response.writeHead(404, { "content-type": "application/json" });
    response.end('{"kind":"Status","code":404,"message":"this page was not recorded"}');
    return;
  }
  counts.requests += 1;
  counts.bytes += answer.bytes.length;
  response.writeHead(answer.status, { "content-type": answer.type, "content-length": answer.bytes.length });
  response.end(answer.bytes);
}

async function listen(offersProtobuf: boolean) {
  const server = createServer((request, response) => serve(request, response, offersProtobuf));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

const [json, both] = await Promise.all([listen(false), listen(true)]);

answerAsked(
  async ({ what, list, encoding }) => {
    if (what === "record") return record(list as ListRequest, encoding as "json" | "protobuf");
    if (what === "ports") return { json: json.port, protobuf: both.port };
    if (what === "lists") return lists;
    if (what === "types") return [...new Set(Array.from(recorded.values(), ({ type }) => type))];
    const now = { ...counts };
    counts.requests = 0;
    counts.bytes = 0;
    return now;
  },
  async () => {
    for (const { server } of [json, both]) server.closeAllConnections();
  },
);
