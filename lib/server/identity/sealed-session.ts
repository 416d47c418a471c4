import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import { CompactEncrypt, compactDecrypt } from "jose";
import { shared } from "../shared.ts";
import { cookieOf, SESSION_SECONDS } from "./cookies.ts";
import { expiryOf } from "./token.ts";

/**
 * A login with a token: the cookie's value is the token itself, encrypted. A map in this process would be lost at the next
 * request, which may reach another replica; these read each other's cookies when they share POOLBOARD_SESSION_KEY.
 */

const pack = promisify(deflateRaw);
const unpack = promisify(inflateRaw);

/** What browsers keep of one cookie, its name and attributes included. */
const MOST_COOKIE_CHARACTERS = 4_000;
const MOST_TOKEN_BYTES = 64 * 1024;

interface Sealed {
  readonly id: string;
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Ids of sessions that were logged out → when they would have ended. Of this process; elsewhere the cookie is gone too. */
const closed = () => shared("closedSessions", () => new Map<string, number>());

/** A cookie's value for the token, and how long it is good for in seconds. Null: the token does not fit into a cookie. */
export async function sealSession(
  token: string,
  key: Uint8Array,
  now: number,
): Promise<{ value: string; seconds: number } | null> {
  const until = Math.min(now + SESSION_SECONDS * 1000, expiryOf(token) ?? Infinity);
  const session: Sealed = { id: randomUUID(), token, until };
  const value = await new CompactEncrypt(await pack(JSON.stringify(session)))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .encrypt(key);
  if (value.length > MOST_COOKIE_CHARACTERS) return null;
  return { value, seconds: Math.max(0, Math.floor((until - now) / 1000)) };
}

/** The token of the request's session; null: there is none that is open. */
export async function tokenOfSession(request: Request, key: Uint8Array, now: number): Promise<string | null> {
  const session = await unseal(request, key);
  return session && session.until > now && !closed().has(session.id) ? session.token : null;
}

/** Nobody comes in with this cookie again, should somebody have kept it. */
export async function closeSealedSession(request: Request, key: Uint8Array, now: number): Promise<void> {
  const session = await unseal(request, key);
  for (const [id, until] of closed()) if (until <= now) closed().delete(id);
  if (session) closed().set(session.id, session.until);
}

async function unseal(request: Request, key: Uint8Array): Promise<Sealed | null> {
  const value = cookieOf(request);
  if (!value) return null;
  try {
    const { plaintext } = await compactDecrypt(value, key, {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    // Nobody without the key has written it, so it has the shape we gave it.
    return JSON.parse((await unpack(plaintext, { maxOutputLength: MOST_TOKEN_BYTES })).toString()) as Sealed;
  } catch {
    return null;
  }
}
