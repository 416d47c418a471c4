import { timingSafeEqual } from "node:crypto";
import type { ClusterConnection } from "../kube/connection.ts";
import { hashSecret, type ServerConfig } from "./config.ts";
import { clientOf } from "./front-headers.ts";
import { callerOf } from "./identity/bearer.ts";
import type { Caller } from "./identity/caller.ts";
import { linkSession } from "./identity/link.ts";
import { personId } from "./identity/person-id.ts";
import { type Claim, claimIn } from "./identity/proxy.ts";
import { Recent } from "../inventory/recent.ts";
import { tokenOfSession } from "./identity/sealed-session.ts";
import { ownName } from "./identity/who-am-i.ts";
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

/**
 * Tells who is asking; throws ProblemError 401. Identity headers are looked at in one case only: a trusted proxy has set them.
 * A wrong bearer token is refused even where nobody has to log in: whoever sends one means to be somebody.
 */
export async function identify(
  request: Request,
  config: ServerConfig,
  now: number = Date.now(),
): Promise<Caller> {
  const bearer = bearerOf(request);
  if (bearer !== null && config.tokenHash && timingSafeEqual(hashSecret(bearer), config.tokenHash)) {
    return asOwner({ how: "token", id: "token" }, request, config);
  }
  if (config.auth?.how === "oidc") return byToken(bearer, request, config, config.auth.sessionKey, now);
  if (config.auth?.how === "proxy") return byProxy(bearer, request, config);
  if (bearer !== null) {
    throw unauthenticated(
      config.tokenHash
        ? "The bearer token is not the POOLBOARD_TOKEN that this server was started with."
        : "This server was started without POOLBOARD_TOKEN, so no bearer token is accepted.",
    );
  }
  if (config.mode === "embedded" || (config.anonymousView && config.readOnly)) {
    const identity = { how: "anonymous", id: "anonymous", user: null, groups: [] } as const;
    return { identity, connection: config.connection };
  }
  const session = linkSession(request, now);
  if (session !== null) return asOwner({ how: "session", id: session }, request, config);
  if (config.mode === "inCluster") {
    throw unauthenticated("Send the POOLBOARD_TOKEN that this server was started with as a bearer token.");
  }
  throw unauthenticated(
    "Open the link that `npm start` printed; it works once. To get another, start the server again.",
  );
}

/** Would the request be let in now? */
export async function isKnown(request: Request, config: ServerConfig): Promise<boolean> {
  return identify(request, config).then(
    () => true,
    () => false,
  );
}

/** What stands after "Bearer"; null: no such header. */
export function bearerOf(request: Request): string | null {
  return /^Bearer +(\S.*)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;
}

/** With the server's own credential. Under which name is asked for what leaves a trace: reading waits for nobody. */
async function asOwner(
  known: Pick<Identity, "how" | "id">,
  { method }: Request,
  { connection, mode }: ServerConfig,
): Promise<Caller> {
  const isWrite = method !== "GET" && method !== "HEAD";
  const user = isWrite && mode === "local" ? await ownName(connection) : null;
  return { identity: { ...known, user, groups: [] }, connection };
}

async function byToken(
  bearer: string | null,
  request: Request,
  { connection }: ServerConfig,
  key: Uint8Array,
  now: number,
): Promise<Caller> {
  const token = bearer ?? (await tokenOfSession(request, key, now));
  if (token === null) {
    throw unauthenticated("Use the token that the cluster knows you by.", { login: "token" });
  }
  const caller = await callerOf(token, connection, clientOf(request));
  if (caller) return caller;
  throw unauthenticated(
    bearer === null
      ? "Your login has ended: the cluster does not accept its token any more."
      : "The cluster does not accept this token.",
    { login: "token" },
  );
}

type Named = Exclude<Claim, { refused: string }>;

const throughProxy = () => shared("proxyCallers", () => new WeakMap<ClusterConnection, Recent<Caller>>());

function byProxy(bearer: string | null, request: Request, config: ServerConfig): Caller {
  const claim = claimIn(request);
  if (claim === null) {
    throw unauthenticated(
      bearer === null
        ? "Come through the proxy that logs people in; this request came past it."
        : "The bearer token is not the POOLBOARD_TOKEN that this server was started with.",
    );
  }
  if ("refused" in claim) throw unauthenticated(`The proxy's word is not taken: ${claim.refused}.`);
  return callerNamed(claim, config);
}

/** The same connection for the same person with the same groups: what it may do is remembered with it. */
function callerNamed(claim: Named, { connection }: ServerConfig): Caller {
  const callers = throughProxy().get(connection) ?? new Recent<Caller>(2_000);
  throughProxy().set(connection, callers);
  const key = JSON.stringify([claim.user, claim.groups]);
  const known = callers.get(key);
  if (known) return known;
  const identity: Identity = { how: "proxy", id: personId("proxy", claim), ...claim };
  const caller: Caller = { identity, connection: connection.as(claim) };
  callers.set(key, caller);
  return caller;
}

const unauthenticated = (detail: string, extras: { login?: "token" } = {}) =>
  new ProblemError("unauthenticated", detail, {
    ...extras,
    headers: { "WWW-Authenticate": 'Bearer realm="poolboard"' },
  });
