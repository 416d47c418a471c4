import type { ServerConfig } from "./config.ts";
import { isHttps } from "./front-headers.ts";
import type { Caller } from "./identity/caller.ts";
import { bearerOf, identify, type Identity } from "./identity.ts";
import { ProblemError } from "./problem.ts";
import { RateLimit } from "./rate-limit.ts";
import { shared } from "./shared.ts";

/** Writes of one caller: 60 at once, then 10 a second. */
const writeLimit = () => shared("writeLimit", () => new RateLimit(60, 10));

export const isRead = (method: string) => method === "GET" || method === "HEAD";

/** Step 1: a method that the route does not have, TRACE and OPTIONS among them. */
export function checkMethod(method: string, allowed: readonly string[]): void {
  if (allowed.includes(method)) return;
  throw new ProblemError(
    "method-not-allowed",
    `${method} is not known here; there is ${allowed.join(", ")}`,
    {
      headers: { Allow: allowed.join(", ") },
    },
  );
}

/** Steps 2 to 4: what no request of ours ever looks like, whoever sends it. */
export function checkOrigin(request: Request, config: ServerConfig): void {
  const host = (request.headers.get("host") ?? "").toLowerCase();
  if (!config.hosts.has(host)) {
    throw new ProblemError(
      "misdirected",
      "The Host header names another server. If people reach this one by that name, start it with the name in POOLBOARD_HOSTS.",
    );
  }
  if (request.headers.get("sec-fetch-site")?.toLowerCase() === "cross-site") {
    throw new ProblemError("cross-site", "The browser says that another site made this request.");
  }
  for (const header of ["next-action", "upgrade"]) {
    if (request.headers.has(header)) {
      throw new ProblemError("bad-request", `A request with the header ${header} is refused.`);
    }
  }
}

/** Steps 5 and 6 as far as the headers go: who it is, and for writes whether a page of ours or a script with a token sent it. */
export async function checkCaller(request: Request, config: ServerConfig): Promise<Caller> {
  const caller = await identify(request, config);
  checkSender(request, bringsToken(request, caller.identity));
  return caller;
}

/** A browser sends this header of nobody's accord: no other site can make it. Behind a proxy it says nothing about who it is. */
function bringsToken(request: Request, { how }: Identity): boolean {
  return (how === "token" || how === "oidc") && bearerOf(request) !== null;
}

/** Step 6 as far as the headers go. A script that brings its token needs neither Origin nor X-Requested-By. */
export function checkSender(request: Request, isScript: boolean): void {
  if (isRead(request.method)) return;
  const origin = request.headers.get("origin");
  const own = `${isHttps(request) ? "https" : "http"}://${(request.headers.get("host") ?? "").toLowerCase()}`;
  if (origin === null ? !isScript : origin.toLowerCase() !== own) {
    throw new ProblemError("cross-site", `A write needs the header Origin: ${own}, or a bearer token.`);
  }
  const site = request.headers.get("sec-fetch-site")?.toLowerCase();
  if (site !== undefined && site !== "same-origin") {
    throw new ProblemError(
      "cross-site",
      "The browser says that this request does not come from our own page.",
    );
  }
  if (
    !/^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(
      request.headers.get("content-type") ?? "",
    )
  ) {
    throw new ProblemError(
      "unsupported-media-type",
      "A write needs the header Content-Type: application/json.",
    );
  }
  if ((request.headers.get("content-encoding") ?? "identity").toLowerCase() !== "identity") {
    throw new ProblemError("unsupported-media-type", "A compressed body is refused.");
  }
  if (!isScript && request.headers.get("x-requested-by") !== "poolboard") {
    throw new ProblemError("cross-site", "A write needs the header X-Requested-By: poolboard.");
  }
}

/**
 * Reads the body up to `maxBytes`, and no further: an endless one is cut off there. Throws ProblemError 413, and 400 on
 * bytes that are not UTF-8.
 */
export async function readBody(request: Request, maxBytes: number): Promise<string> {
  const tooLarge = () =>
    new ProblemError("too-large", `The body is larger than ${maxBytes} bytes.`, {
      headers: { Connection: "close" },
    });
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > maxBytes) {
      reader?.cancel().catch(() => undefined);
      throw tooLarge();
    }
    chunks.push(part.value);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new ProblemError("invalid-json", "The body is not UTF-8.");
  }
}

/** Step 6 once the body is in: how many writes one caller may send. */
export function checkRate(caller: string): void {
  const wait = writeLimit().take(caller);
  if (wait > 0) {
    throw new ProblemError("rate-limited", `Too many writes at once; try again in ${wait} s.`, {
      headers: { "Retry-After": String(wait) },
    });
  }
}

/** Step 6, the rest: whether anything is changed here, and by this caller. */
export function checkWrites(identity: Identity, config: ServerConfig): void {
  if (config.readOnly) {
    throw new ProblemError("read-only", "This server was started with --read-only: it changes nothing.");
  }
  if (!mayWrite(identity, config)) {
    throw new ProblemError(
      "read-only",
      "POOLBOARD_TOKEN only reads here: a change is made under the name of the person who makes it. Log in as yourself.",
    );
  }
}

/** Where people log in, nobody changes anything with the server's own rights. */
export function mayWrite({ how }: Identity, { mode, auth }: ServerConfig): boolean {
  return how === "oidc" || how === "proxy" || (mode !== "inCluster" && auth === undefined);
}
