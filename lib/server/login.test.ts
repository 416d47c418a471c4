import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { setServerConfig, serverConfig } from "./config.ts";
import {
  answer,
  body,
  later,
  longToken,
  oidc,
  type PeopleWorld,
  shortToken,
  startPeopleWorld,
} from "./identity/testing.ts";
import { log } from "./log.ts";
import { pageRequest } from "./testing.ts";

let world: PeopleWorld;
beforeEach(async () => {
  world = await startPeopleWorld(oidc);
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await world.stop();
});

type Headers = Readonly<Record<string, string | null>>;

async function logIn(token: string, headers: Headers = {}) {
  const request = pageRequest("POST", "/api/v1/login", { headers, body: JSON.stringify({ token }) });
  const response = await answer(request, "/api/v1/login");
  const set = response.headers.get("set-cookie") ?? "";
  return { status: response.status, body: await body(response), set, cookie: set.split(";")[0] ?? "" };
}

async function session(cookie: string, headers: Headers = {}) {
  const request = pageRequest("GET", "/api/v1/session", { headers: { Cookie: cookie, ...headers } });
  const response = await answer(request, "/api/v1/session");
  return { status: response.status, body: await body(response) };
}

const logOut = (cookie: string) =>
  answer(
    pageRequest("POST", "/api/v1/logout", { headers: { Cookie: cookie }, body: "{}" }),
    "/api/v1/logout",
  );

test("a token becomes a cookie that only this server can read, and the cookie the person", async () => {
  const { status, body: who, set, cookie } = await logIn("token-of-jane");
  expect([status, who]).toEqual([200, { user: "jane" }]);
  expect(set).toMatch(/^poolboard-3000=[\w.-]+; Path=\/; Max-Age=28800; HttpOnly; SameSite=Strict$/);
  for (const part of cookie.split(/[=.]/))
    expect(Buffer.from(part, "base64url").toString()).not.toContain("jane");
  expect(await session(cookie)).toMatchObject({
    status: 200,
    body: { user: "jane", how: "oidc", canLogOut: true },
  });
});

test("by TLS the cookie is bound to this host", async () => {
  const secure = { "X-Poolboard-Scheme": "https", Origin: "https://localhost:3000" };
  const { set, cookie } = await logIn("token-of-jane", secure);
  expect(set).toMatch(/^__Host-poolboard=\S+; Path=\/; Max-Age=28800; HttpOnly; SameSite=Strict; Secure$/);
  expect((await session(cookie, secure)).status).toBe(200);
  expect((await session(cookie)).status).toBe(401);
});

test("it lasts no longer than the token, and eight hours at most", async () => {
  const short = await logIn(shortToken);
  expect(Number(/Max-Age=(\d+)/.exec(short.set)?.[1])).toBeLessThanOrEqual(600);
  const long = await logIn("token-of-jane");
  later(601_000);
  expect((await session(short.cookie)).status).toBe(401);
  expect((await session(long.cookie)).status).toBe(200);
  later(8 * 3600_000);
  expect((await session(long.cookie)).status).toBe(401);
});

test("every login makes another cookie, and what was logged out does not come in again", async () => {
  const [first, second] = [await logIn("token-of-jane"), await logIn("token-of-jane")];
  expect(first.cookie).not.toBe(second.cookie);
  const gone = await logOut(first.cookie);
  expect(gone.headers.get("set-cookie")).toMatch(/^poolboard-3000=; Path=\/; Max-Age=0;/);
  expect((await session(first.cookie)).status).toBe(401);
  expect((await session(second.cookie)).status).toBe(200);
  expect((await logOut("")).status).toBe(200);
});

test("a cookie of another key, a changed one, one of two: nobody", async () => {
  const { cookie } = await logIn("token-of-jane");
  const end = cookie.at(-5) === "A" ? "B" : "A";
  const changed = `${cookie.slice(0, -5)}${end}${cookie.slice(-4)}`;
  for (const wrong of [changed, `${cookie}; ${cookie}`, "poolboard-3000=x", "poolboard-3000="]) {
    expect((await session(wrong)).status).toBe(401);
  }
  const config = serverConfig();
  if (!config) throw new Error("not configured");
  setServerConfig({ ...config, auth: { how: "oidc", sessionKey: new Uint8Array(32) } });
  expect((await session(cookie)).status).toBe(401);
});

test.each<[string, string, Headers, number, object]>([
  ["a token of nobody", "token-of-nobody", {}, 401, { login: "token" }],
  ["a token that does not fit", longToken, {}, 422, { errors: [{ field: "token" }] }],
  ["no token", "", {}, 422, { errors: [{ field: "token" }] }],
  ["a line break in it", "token-of\njane", {}, 401, { login: "token" }],
  ["another site", "token-of-jane", { Origin: "http://evil.example" }, 403, { code: "cross-site" }],
  ["no origin", "token-of-jane", { Origin: null }, 403, { code: "cross-site" }],
  ["a form", "token-of-jane", { "Content-Type": "text/plain" }, 415, {}],
  [
    "no X-Requested-By, with an Authorization",
    "token-of-jane",
    { "X-Requested-By": null, Authorization: "Bearer x" },
    403,
    {},
  ],
])("%s does not log in", async (_, token, headers, status, problem) => {
  const refused = await logIn(token, headers);
  expect(refused).toMatchObject({ status, body: problem, set: "" });
});

test("in plain text only to this machine", async () => {
  const config = serverConfig();
  if (!config) throw new Error("not configured");
  setServerConfig({ ...config, hosts: new Set(["pools.example.test"]) });
  const host = { Host: "pools.example.test", Origin: "http://pools.example.test" };
  expect(await logIn("token-of-jane", host)).toMatchObject({ status: 400, set: "" });
  const secure = { ...host, Origin: "https://pools.example.test", "X-Poolboard-Scheme": "https" };
  expect(await logIn("token-of-jane", secure)).toMatchObject({ status: 200 });
});

test("where nobody logs in with a token there is no such thing", async () => {
  const config = serverConfig();
  if (!config) throw new Error("not configured");
  const { auth: _auth, ...without } = config;
  setServerConfig({ ...without, mode: "local" });
  expect(await logIn("token-of-jane")).toMatchObject({ status: 404 });
});

test("no token in a log, whatever becomes of it", async () => {
  const lines: unknown[] = [];
  for (const level of ["info", "warn", "error"] as const) {
    vi.spyOn(log, level).mockImplementation((fields: unknown) => void lines.push(fields));
  }
  const { cookie } = await logIn("token-of-jane");
  await logIn("token-of-nobody");
  await logOut(cookie);
  await world.api.close();
  await logIn("token-of-joe");
  expect(JSON.stringify(lines)).not.toMatch(/token-of/);
});
