import { randomBytes, timingSafeEqual } from "node:crypto";
import { hashSecret } from "../config.ts";
import { shared } from "../shared.ts";
import { cookieOf, SESSION_SECONDS } from "./cookies.ts";

/** The printed link and the sessions that it opens: for one person on one machine, so they live in this process. */

interface Sessions {
  /** Hash of the code in the printed link; null once it was used, or when there is none. */
  code: Buffer | null;
  /** Hash of the cookie's value (hex) → the session. */
  readonly open: Map<string, { readonly id: string; readonly until: number }>;
}

const sessions = () => shared<Sessions>("sessions", () => ({ code: null, open: new Map() }));
const keyOf = (value: string) => hashSecret(value).toString("hex");

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
  state.open.set(keyOf(value), {
    id: randomBytes(6).toString("hex"),
    until: now + SESSION_SECONDS * 1000,
  });
  return value;
}

/** The id of the session that the request's cookie belongs to; null: none that is open. */
export function linkSession(request: Request, now: number): string | null {
  const value = cookieOf(request);
  if (value === null) return null;
  const { open } = sessions();
  const key = keyOf(value);
  const session = open.get(key);
  if (!session) return null;
  if (session.until > now) return session.id;
  open.delete(key);
  return null;
}

export function closeSession(request: Request): void {
  const value = cookieOf(request);
  if (value !== null) sessions().open.delete(keyOf(value));
}
