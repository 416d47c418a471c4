import { randomBytes, timingSafeEqual } from "node:crypto";
import { hashSecret, type ServerConfig } from "./config.ts";
import { ProblemError } from "./problem.ts";
import { shared } from "./shared.ts";

/** Who sent the request, and how we know. */
export interface Identity {
  /** `session`: the printed link. `token`: POOLBOARD_TOKEN. `oidc`: the person's own token. `proxy`: a trusted proxy's word. */
  readonly how: "anonymous" | "session" | "token" | "oidc" | "proxy";
  /** Tells callers apart for limits; it is no secret and may be logged. */
  readonly id: string;
  /** The name under which the API server knows the person; null: nobody logs in, or the server does not say. */
  readonly user: string | null;
  readonly groups: readonly string[];
}

const SESSION_MS = 8 * 3600 * 1000;

interface Sessions {
  /** Hash of the code in the printed link; null once it was used, or when there is none. */
  code: Buffer | null;
  /** Hash of the cookie's value (hex) → the session. */
  readonly open: Map<string, { readonly id: string; readonly until: number }>;
}

const sessions = () => shared<Sessions>("sessions", () => ({ code: null, open: new Map() }));

/** Makes the code of the printed link; a code made before is dead. */
export function newLoginCode(): string {
  const code = randomBytes(32).toString("base64url");
  sessions().code = hashSecret(code);
  return code;
}

/** Trades the one-time code for the value of a session cookie, valid for 8 hours. Null: no such code, or used before. */
export function openSession(code: string, now: number = Date.now()): string | null {
  const state = sessions();
  if (state.code === null || !timingSafeEqual(hashSecret(code), state.code)) return null;
  state.code = null;
  const value = randomBytes(32).toString("base64url");
  state.open.set(hashSecret(value).toString("hex"), {
    id: randomBytes(6).toString("hex"),
    until: now + SESSION_MS,
  });
  return value;
}

/** Cookies know no ports, so two servers on one machine would share a name. On plain http there is no `__Host-` prefix. */
function cookieName(host: string): string {
  return `poolboard-${/:(\d+)$/.exec(host)?.[1] ?? "80"}`;
}

export function sessionCookie(host: string, value: string): string {
  return `${cookieName(host)}=${value}; Path=/; Max-Age=${SESSION_MS / 1000}; HttpOnly; SameSite=Strict`;
}

function cookieValue(request: Request, name: string): string | null {
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  const found = pairs.filter((pair) => pair.startsWith(`${name}=`));
  return found.length === 1 ? (found[0]?.slice(name.length + 1) ?? null) : null;
}

function findSession(request: Request, now: number): Identity | null {
  const value = cookieValue(request, cookieName(request.headers.get("host") ?? ""));
  if (value === null) return null;
  const { open } = sessions();
  const key = hashSecret(value).toString("hex");
  const session = open.get(key);
  if (!session) return null;
  if (session.until > now) return { how: "session", id: session.id, user: null, groups: [] };
  open.delete(key);
  return null;
}

/**
 * Tells who is asking; throws ProblemError 401. Identity headers that a proxy might set are never looked at.
 * A wrong bearer token is refused even where nobody has to log in: whoever sends one means to be somebody.
 */
export function identify(request: Request, config: ServerConfig, now: number = Date.now()): Identity {
  const bearer = /^Bearer +(\S.*)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (bearer !== undefined && config.tokenHash) {
    if (timingSafeEqual(hashSecret(bearer), config.tokenHash)) return { how: "token", id: "token", user: null, groups: [] };
    throw unauthenticated("The bearer token is not the POOLBOARD_TOKEN that this server was started with.");
  }
  if (config.mode === "embedded" || (config.anonymousView && config.readOnly)) {
    return { how: "anonymous", id: "anonymous", user: null, groups: [] };
  }
  if (bearer !== undefined) {
    throw unauthenticated("This server was started without POOLBOARD_TOKEN, so no bearer token is accepted.");
  }
  const session = findSession(request, now);
  if (session) return session;
  if (config.mode === "inCluster") {
    throw unauthenticated("Send the POOLBOARD_TOKEN that this server was started with as a bearer token.");
  }
  throw unauthenticated(
    "Open the link that `npm start` printed; it works once. To get another, start the server again.",
  );
}

/** Would the request be let in now? */
export function isKnown(request: Request, config: ServerConfig): boolean {
  try {
    identify(request, config);
    return true;
  } catch {
    return false;
  }
}

const unauthenticated = (detail: string) =>
  new ProblemError("unauthenticated", detail, {
    headers: { "WWW-Authenticate": 'Bearer realm="poolboard"' },
  });
