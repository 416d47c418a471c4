import type * as z from "zod/mini";
import { type LoggedIn, type LoggedOut, Login, Logout } from "../contract/login.ts";
import { isLoopback, type ServerConfig } from "./config.ts";
import { clientOf, isHttps } from "./front-headers.ts";
import { checkRate, readBody } from "./guard.ts";
import { callerOf } from "./identity/bearer.ts";
import { sessionCookie } from "./identity/cookies.ts";
import { closeSession } from "./identity/link.ts";
import { closeSealedSession, sealSession } from "./identity/sealed-session.ts";
import { parseBody } from "./input.ts";
import { invalidFields, ProblemError } from "./problem.ts";

interface Asked {
  readonly request: Request;
  readonly config: ServerConfig;
}

const MOST_BODY_BYTES = 64 * 1024;

/**
 * Trades a token that the API server accepts for a cookie: sealed, for eight hours at most and not past the token's own end. A
 * login before it is replaced. Throws ProblemError 401 for a token that is not accepted, 404 where nobody logs in with one.
 */
export async function logIn({ request, config }: Asked): Promise<Response> {
  const { token } = parseBody(await readBody(request, MOST_BODY_BYTES), Login);
  checkRate(`login ${clientOf(request)}`);
  const { auth, connection } = config;
  if (auth?.how !== "oidc") throw new ProblemError("not-found", "Nobody logs in with a token here.");
  requirePrivacy(request);
  const caller = await callerOf(token, connection, clientOf(request));
  if (!caller) {
    throw new ProblemError("unauthenticated", "The cluster does not accept this token.", { login: "token" });
  }
  const sealed = await sealSession(token, auth.sessionKey, Date.now());
  if (!sealed) {
    throw invalidFields([
      { field: "token", message: "is too long for a cookie; ask for one with fewer groups" },
    ]);
  }
  const body: z.infer<typeof LoggedIn> = { user: caller.identity.user ?? "" };
  return Response.json(body, {
    headers: { "Set-Cookie": sessionCookie(request, sealed.value, sealed.seconds) },
  });
}

/** A token in plain text is anybody's, but not on the way from a browser to its own machine. */
function requirePrivacy(request: Request): void {
  const name = (request.headers.get("host") ?? "").replace(/:\d+$/, "").replaceAll(/[[\]]/g, "");
  if (isHttps(request) || isLoopback(name)) return;
  throw new ProblemError(
    "bad-request",
    "A token is not taken over plain http. Come by https; the proxy that ends TLS is to be named in POOLBOARD_PROXY_PEERS.",
  );
}

/** Ends the session of the request's cookie, if it has one, and takes the cookie away. */
export async function logOut({ request, config }: Asked): Promise<Response> {
  parseBody(await readBody(request, MOST_BODY_BYTES), Logout);
  if (config.auth?.how === "oidc") await closeSealedSession(request, config.auth.sessionKey, Date.now());
  else closeSession(request);
  const body: z.infer<typeof LoggedOut> = { loggedOut: true };
  return Response.json(body, { headers: { "Set-Cookie": sessionCookie(request, null) } });
}
