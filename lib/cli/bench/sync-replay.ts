import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { listOf, PROTOBUF, readProtobuf } from "../../kube/protobuf.ts";
import { answerAsked } from "./child.ts";
import { PodPages } from "./pod-pages.ts";

/**
 * A program: records lists of the API server at the address in its first argument, page by page, and serves the bytes again.
 * Without the server's work to encode them, what is measured is the client's. One port offers protobuf where the server did,
 * another only JSON. Two more serve as many pods of the size that real ones have, and the same of everything else.
 */

const PODS = "/api/v1/pods";

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly bytes: Buffer;
}

type Encoding = "json" | "protobuf";
/** Whose pods: those of the cluster, or as many of real size. */
export type Pods = "own" | "full";

export interface ListRequest {
  readonly path: string;
  readonly fieldSelector?: string;
  readonly limit: number;
}

const upstream = process.argv[2] ?? "";
type Answers = Map<string, Answer>;
const recorded: Answers = new Map();
const full: Answers = new Map();
const lists: Record<Pods, Record<Encoding, string[]>> = {
  own: { json: [], protobuf: [] },
  full: { json: [], protobuf: [] },
};
/** In the recorded cluster. */
let pods = 0;
const counts = { requests: 0, bytes: 0 };

/** Whatever the order of the parameters. Later pages are known by their token: clients may ask for fewer objects by then. */
function keyOf(path: string, query: URLSearchParams, encoding: string): string {
  const token = query.get("continue");
  const page = token === null ? `${query.get("fieldSelector")} ${query.get("limit")}` : token;
  return `${path} ${page} ${encoding}`;
}

async function record({ path, fieldSelector, limit }: ListRequest, encoding: Encoding) {
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
    lists.own[encoding].push(url);
    const list = read(answer);
    if (path === PODS && encoding === "json") pods += list.items?.length ?? 0;
    token = list.metadata?.continue ?? "";
  } while (token !== "");
}

function read({ type, bytes }: Answer): { items?: unknown[]; metadata?: { continue?: string } } {
  const body = type.startsWith(PROTOBUF) ? readProtobuf(bytes, listOf([])) : JSON.parse(bytes.toString());
  return body as ReturnType<typeof read>;
}

/** Made before anybody asks for them: the making is nobody's time. */
function fill(encoding: Encoding, limit: number): void {
  const pages = new PodPages(encoding === "json" ? "application/json" : PROTOBUF, pods);
  lists.full[encoding] = lists.own[encoding].filter((url) => !url.startsWith(`${PODS}?`));
  let token = "";
  do {
    const query = new URLSearchParams({ limit: String(limit), ...(token === "" ? {} : { continue: token }) });
    const { bytes, next } = pages.page(token, limit);
    full.set(keyOf(PODS, query, encoding), { status: 200, type: pages.type, bytes });
    lists.full[encoding].push(`${PODS}?${query}`);
    token = next;
  } while (token !== "");
}

function serve(
  request: IncomingMessage,
  response: ServerResponse,
  whose: Pods,
  offersProtobuf: boolean,
): void {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const isWatch = searchParams.get("watch") === "true";
  if (isWatch) {
    response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
    return;
  }
  const wantsProtobuf = offersProtobuf && (request.headers.accept ?? "").includes(PROTOBUF);
  const answers = whose === "full" && pathname === PODS ? full : recorded;
  const answer = answers.get(keyOf(pathname, searchParams, wantsProtobuf ? "protobuf" : "json"));
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

async function listen(whose: Pods, offersProtobuf: boolean) {
  const server = createServer((request, response) => serve(request, response, whose, offersProtobuf));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

const [json, both, fullJson, fullBoth] = await Promise.all([
  listen("own", false),
  listen("own", true),
  listen("full", false),
  listen("full", true),
]);

answerAsked(
  async ({ what, list, encoding }) => {
    if (what === "record") return record(list as ListRequest, encoding as Encoding);
    if (what === "fill") return fill(encoding as Encoding, (list as ListRequest).limit);
    if (what === "ports")
      return {
        own: { json: json.port, protobuf: both.port },
        full: { json: fullJson.port, protobuf: fullBoth.port },
      };
    if (what === "lists") return lists;
    if (what === "types") return [...new Set(Array.from(recorded.values(), ({ type }) => type))];
    const now = { ...counts };
    counts.requests = 0;
    counts.bytes = 0;
    return now;
  },
  async () => {
    for (const { server } of [json, both, fullJson, fullBoth]) server.closeAllConnections();
  },
);
