import { isHttps } from "../front-headers.ts";

/** How long a login lasts at most, in seconds. */
export const SESSION_SECONDS = 8 * 3600;

/** Cookies know no ports, so two servers on one machine would share a name. On plain http there is no `__Host-` prefix. */
function cookieName(request: Request): string {
  if (isHttps(request)) return "__Host-poolboard";
  return `poolboard-${/:(\d+)$/.exec(request.headers.get("host") ?? "")?.[1] ?? "80"}`;
}

/** The Set-Cookie header; without a value it takes the cookie away. */
export function sessionCookie(request: Request, value: string | null, seconds = SESSION_SECONDS): string {
  const secure = isHttps(request) ? "; Secure" : "";
  const age = value === null ? 0 : seconds;
  return `${cookieName(request)}=${value ?? ""}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${secure}`;
}

/** The value of our cookie; null when there is none, or more than one. */
export function cookieOf(request: Request): string | null {
  const name = cookieName(request);
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  const found = pairs.filter((pair) => pair.startsWith(`${name}=`));
  return found.length === 1 ? (found[0]?.slice(name.length + 1) ?? null) : null;
}
