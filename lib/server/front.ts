import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { currentInventory } from "../inventory/registry.ts";
import { serverConfig } from "./config.ts";
import { dataHeaders, strictTransport } from "./headers.ts";
import { dropClaims, originOf, setClaim } from "./identity/proxy.ts";
import { ProblemError, toProblem } from "./problem.ts";
import { inventoryStamp } from "./stamp.ts";

/** Methods that Next can carry to a route; the route itself then says which it has. */
const carried = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const probes = new Set(["/healthz", "/readyz"]);

/**
 * Refuses, before Next sees it, what never reaches a route the way it was sent: methods that Next cannot carry, foreign
 * Host headers for pages and files, paths that a URL parser would rewrite. Throws ProblemError.
 */
export function checkFront(request: IncomingMessage): void {
  const { method = "", url = "" } = request;
  if (!carried.has(method)) {
    throw new ProblemError("method-not-allowed", `${method} is not known here.`, {
      headers: { Allow: "GET, HEAD" },
    });
  }
  const path = url.split("?", 1)[0] ?? "";
  if (!probes.has(path)) checkHost(request);
  checkPath(path);
  if (request.headers["next-action"] !== undefined) {
    throw new ProblemError("bad-request", "A request with the header next-action is refused.");
  }
  const isPage = !/^\/api(\/|$)/.test(path) && !probes.has(path);
  if (isPage && method !== "GET" && method !== "HEAD") {
    throw new ProblemError("method-not-allowed", `${method} is not known here.`, {
      headers: { Allow: "GET, HEAD" },
    });
  }
}

function checkHost({ rawHeaders, headers }: IncomingMessage): void {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host");
  const config = serverConfig();
  if (hosts.length !== 1 || (config && !config.hosts.has((headers.host ?? "").toLowerCase()))) {
    throw new ProblemError(
      "misdirected",
      "The Host header names another server. If people reach this one by that name, start it with the name in POOLBOARD_HOSTS.",
    );
  }
}

/**
 * A path is plain segments: no dot segments in any spelling, no encoded slashes, no empty segments, no control characters, and
 * nothing that is not UTF-8 once decoded.
 */
function checkPath(path: string): void {
  const plain = /^(\/|(\/[^/\\]+)+\/?)$/.test(path) && !/[^\x21-\x7e]|%(00|0a|0d|2f|5c)/i.test(path);
  const dots = path.split("/").some((segment) => /^(\.|%2e)+$/i.test(segment));
  if (!plain || dots || !isDecodable(path))
    throw new ProblemError("invalid-name", "The path names nothing that can exist here.");
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** Headers by which a proxy, or Next itself, would be believed. */
const untrusted =
  /^(x-forwarded-.*|forwarded|x-middleware-.*|x-poolboard-.*|x-nonce|content-security-policy)$/;

/**
 * Takes away what only we may say, and adds where the request came from, by which scheme, who a trusted proxy says it is, and
 * whether gzip may be sent.
 */
export function ownHeaders(request: IncomingMessage): void {
  const config = serverConfig();
  const { client, scheme, claim } = originOf(request, config);
  for (const name of Object.keys(request.headers)) {
    if (untrusted.test(name.replaceAll("_", "-"))) delete request.headers[name];
  }
  dropClaims(request.headers, config);
  request.headers["x-poolboard-peer"] = client;
  request.headers["x-poolboard-scheme"] = scheme;
  setClaim(request.headers, claim);
  const accepted = String(request.headers["accept-encoding"] ?? "");
  if (/\bgzip\b(?!\s*;\s*q=0(\.0+)?\b)/i.test(accepted)) request.headers["x-poolboard-gzip"] = "1";
}

/** Whoever came by TLS is to come that way only. */
export function keepSecure(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers["x-poolboard-scheme"] === "https") response.setHeader(...strictTransport);
}

/**
 * Next drops the Content-Encoding of an answer, taking it for a left-over of a fetch. A route that sends compressed bytes
 * says so in `x-poolboard-encoding` instead; here it gets its right name.
 */
export function keepEncoding(response: ServerResponse): void {
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) =>
    setHeader(name.toLowerCase() === "x-poolboard-encoding" ? "Content-Encoding" : name, value);
}

/** Answers with a problem where no route can. */
export function sendProblem(response: ServerResponse, error: unknown): void {
  const requestId = randomUUID();
  const { problem, headers } = toProblem(error, requestId);
  const all = {
    ...dataHeaders,
    ...inventoryStamp(currentInventory()),
    ...headers,
    "X-Request-Id": requestId,
    "Content-Type": "application/problem+json",
  };
  response.writeHead(problem.status, { ...all, Connection: "close" }).end(JSON.stringify(problem));
}
