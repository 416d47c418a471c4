import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type BlockList, isIP } from "node:net";
import type { Auth } from "../auth.ts";
import { hashSecret, type ServerConfig } from "../config.ts";

type ProxyAuth = Extract<Auth, { how: "proxy" }>;

/** What the proxy proves itself with. */
const secretHeader = "x-poolboard-proxy-secret";
/** Ours alone: the front takes away what others send under this name. */
const claimHeader = "x-poolboard-claim";

/** Whom a trusted proxy has let through; or why nobody believes what it says. */
export type Claim =
  { readonly user: string; readonly groups: readonly string[] } | { readonly refused: string };

/** What a request says of where it comes from, read before anything of it is believed. */
interface Origin {
  readonly client: string;
  readonly scheme: "http" | "https";
  readonly claim: Claim | null;
}

/**
 * Reads the peer's address and, when the peer is a proxy of ours, what it forwards: the client, whether that came by https, and
 * with the shared secret who it is. Whatever cannot be believed is as good as absent.
 */
export function originOf(request: IncomingMessage, config: ServerConfig | null): Origin {
  const peer = plainAddress(request.socket.remoteAddress ?? "");
  const { proxies, auth } = config ?? {};
  if (!proxies || !isListed(proxies, peer)) return { client: peer, scheme: "http", claim: null };
  return {
    client: clientOf(valuesOf(request, "x-forwarded-for"), peer, proxies),
    scheme: lastOf(valuesOf(request, "x-forwarded-proto"))?.toLowerCase() === "https" ? "https" : "http",
    claim: auth?.how === "proxy" ? claimOf(request, auth) : null,
  };
}

/** Takes away who somebody claims to be, in every spelling that a program behind us might take for it. */
export function dropClaims(headers: IncomingMessage["headers"], config: ServerConfig | null): void {
  const auth = config?.auth;
  if (auth?.how !== "proxy") return;
  for (const name of Object.keys(headers)) {
    const plain = name.replaceAll("_", "-");
    if (plain === auth.userHeader || plain === auth.groupsHeader) delete headers[name];
  }
}

/** Passes a claim on to the routes. */
export function setClaim(headers: IncomingMessage["headers"], claim: Claim | null): void {
  if (claim) headers[claimHeader] = Buffer.from(JSON.stringify(claim)).toString("base64url");
}

/** What the front has found; null: the request came past the proxy. */
export function claimIn(request: Request): Claim | null {
  const text = request.headers.get(claimHeader);
  if (text === null) return null;
  return JSON.parse(Buffer.from(text, "base64url").toString()) as Claim;
}

function claimOf(request: IncomingMessage, auth: ProxyAuth): Claim | null {
  const [secret, second] = valuesOf(request, secretHeader);
  if (secret === undefined || second !== undefined) return null;
  if (!timingSafeEqual(hashSecret(secret), auth.secretHash)) return null;
  const [user, another] = valuesOf(request, auth.userHeader);
  if (user === undefined) return null;
  if (another !== undefined) return { refused: `the header ${auth.userHeader} came twice` };
  const groups = valuesOf(request, auth.groupsHeader).filter((group) => group !== "");
  const wrong = whyNot("user", user) ?? groups.map((group) => whyNot("group", group)).find(Boolean);
  if (wrong) return { refused: wrong };
  if (groups.length > MOST_GROUPS) return { refused: `there are more than ${MOST_GROUPS} groups` };
  return { user, groups: [...new Set(groups)].sort() };
}

const MOST_GROUPS = 200;
const MOST_CHARACTERS = 256;

/** Names that the API server gives out itself are never a person's; characters that a header cannot carry whole say nothing. */
function whyNot(what: "user" | "group", name: string): string | null {
  if (name === "") return `the ${what} has no name`;
  if (name.length > MOST_CHARACTERS) return `the ${what}'s name is longer than ${MOST_CHARACTERS} characters`;
  if (/[^\x20-\x7e\xa0-\xff]/.test(name))
    return `the ${what}'s name has characters that a header cannot carry`;
  if (/^system:/i.test(name)) return `a ${what} whose name begins with "system:" is not let through`;
  return null;
}

/** Every value of a header under exactly this name, in the order in which they came. */
function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter(
    (_value, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name,
  );
}

function lastOf(values: readonly string[]): string | undefined {
  return values.at(-1)?.split(",").at(-1)?.trim();
}

/** The last hop that is no proxy of ours: what stands left of it, the client may have made up. */
function clientOf(forwarded: readonly string[], peer: string, proxies: BlockList): string {
  let client = peer;
  for (const hop of forwarded.flatMap((value) => value.split(",")).toReversed()) {
    const address = plainAddress(hop.trim());
    if (isIP(address) === 0) return client;
    client = address;
    if (!isListed(proxies, address)) return client;
  }
  return client;
}

function isListed(list: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 6 ? "ipv6" : "ipv4");
}

/** IPv4 as IPv4, also where a socket of both families got it. */
function plainAddress(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}
