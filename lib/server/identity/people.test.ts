import { afterEach, describe, expect, test, vi } from "vitest";
import { Session } from "../../contract/session.ts";
import { type Auth, readAuth } from "../auth.ts";
import { readSettings } from "../config.ts";
import { pageRequest, testToken } from "../testing.ts";
import {
  answer,
  body,
  get,
  isRead,
  jwt,
  later,
  oidc,
  type PeopleWorld,
  scriptRequest,
  startPeopleWorld,
} from "./testing.ts";

const byProxy = readAuth(
  readSettings({
    POOLBOARD_AUTH: "proxy",
    POOLBOARD_PROXY_PEERS: "127.0.0.1",
    POOLBOARD_PROXY_SECRET: "a secret of the proxy",
  }).auth,
).auth as Auth;

/** As the front passes on what a trusted proxy said. */
function throughProxy(user: string, groups: readonly string[], method: string, path: string, sent?: unknown) {
  const claim = Buffer.from(JSON.stringify({ user, groups })).toString("base64url");
  return pageRequest(method, path, {
    headers: { "X-Poolboard-Claim": claim },
    ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
  });
}

let world: PeopleWorld | null = null;
afterEach(async () => {
  vi.useRealTimers();
  await world?.stop();
  world = null;
});

async function start(auth: Auth): Promise<PeopleWorld> {
  world = await startPeopleWorld(auth);
  return world;
}

const pool = "default-ipv4-ippool";

async function disable(send: (body: unknown) => Request, { inventory }: PeopleWorld) {
  const row = inventory.space.pools.get("", pool);
  const request = send({ uid: row?.uid, resourceVersion: row?.revision, disabled: true });
  const response = await answer(request, "/api/v1/pools/{name}", { name: pool });
  return { status: response.status, body: await body(response) };
}

describe("with a token of their own", () => {
  test("each is who the API server says, and may do what they may there", async () => {
    const started = await start(oidc);
    started.may = (user, access) => user === "jane" || isRead(access);
    const jane = Session.parse((await get("token-of-jane", "/api/v1/session")).body);
    expect(jane).toMatchObject({
      user: "jane",
      how: "oidc",
      mode: "inCluster",
      groups: ["net", "system:authenticated"],
    });
    expect(Object.values(jane.can).every(({ allowed }) => allowed)).toBe(true);
    const joe = Session.parse((await get("token-of-joe", "/api/v1/session")).body);
    expect(joe).toMatchObject({ user: "joe", canLogOut: false });
    expect(Object.values(joe.can).some(({ allowed }) => allowed)).toBe(false);
  });

  test("a token that the API server does not know, or that has ended, is nobody's", async () => {
    await start(oidc);
    for (const token of ["token-of-nobody", jwt({ exp: 1 }), "short", "two words of it"]) {
      const { status, body: problem } = await get(token, "/api/v1/session");
      expect([status, problem]).toMatchObject([401, { code: "unauthenticated", login: "token" }]);
    }
    const nobody = await answer(pageRequest("GET", "/api/v1/pools"), "/api/v1/pools");
    expect([nobody.status, await body(nobody)]).toMatchObject([401, { login: "token" }]);
  });

  test("a write is made by the person, and one that is not allowed names what is missing", async () => {
    const started = await start(oidc);
    started.may = (user, access) => user === "jane" || isRead(access);
    const send = (token: string) => (sent: unknown) =>
      scriptRequest(token, "PATCH", `/api/v1/pools/${pool}`, sent);
    expect(await disable(send("token-of-joe"), started)).toMatchObject({
      status: 403,
      body: {
        code: "forbidden",
        detail: "The cluster does not let joe patch ippools.crd.projectcalico.org.",
        permission: { verb: "patch", group: "crd.projectcalico.org", resource: "ippools" },
      },
    });
    expect(await disable(send("token-of-jane"), started)).toMatchObject({
      status: 200,
      body: { disabled: true },
    });
    const written = started.asked.filter(({ access }) => access.verb === "patch" && access.name === pool);
    expect(written.map(({ user }) => user)).toEqual(["jane"]);
  });

  test("POOLBOARD_TOKEN looks, with the service account's eyes, and changes nothing", async () => {
    const started = await start(oidc);
    expect((await get(testToken, "/api/v1/pods")).status).toBe(200);
    const session = Session.parse((await get(testToken, "/api/v1/session")).body);
    expect(session).toMatchObject({ how: "token", user: "system:serviceaccount:poolboard:poolboard" });
    expect(Object.values(session.can).some(({ allowed }) => allowed)).toBe(false);
    const send = (sent: unknown) => scriptRequest(testToken, "PATCH", `/api/v1/pools/${pool}`, sent);
    expect(await disable(send, started)).toMatchObject({ status: 403, body: { code: "read-only" } });
  });

  test("however many ask at once, who they are and what they may is asked for once", async () => {
    const started = await start(oidc);
    const reviews = vi.spyOn(started.connection, "as");
    await Promise.all(Array.from({ length: 30 }, () => get("token-of-jane", "/api/v1/pools")));
    // One to ask with, and the one that was found to be hers.
    expect(reviews).toHaveBeenCalledTimes(2);
    const lists = started.asked.filter(({ access }) => access.verb === "list" && access.resource === "pods");
    expect(lists).toHaveLength(1);
  });

  test("one address that tries token after token has to wait", async () => {
    await start(oidc);
    const statuses: number[] = [];
    for (let count = 0; count < 22; count++) {
      statuses.push((await get(`guess-number-${count}`, "/api/v1/session")).status);
    }
    expect(statuses.slice(0, 20).every((status) => status === 401)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
    expect((await get(testToken, "/api/v1/session")).status).toBe(200);
  });

  test("an API server that cannot be asked lets nobody in, and says so", async () => {
    const started = await start(oidc);
    expect((await get("token-of-jane", "/api/v1/pools")).status).toBe(200);
    await started.api.close();
    expect(await get("token-of-joe", "/api/v1/pools")).toMatchObject({
      status: 502,
      body: { code: "upstream" },
    });
    // Who jane is and what she may is remembered, but not for long.
    expect((await get("token-of-jane", "/api/v1/pools")).status).toBe(200);
    later(61_000);
    expect(await get("token-of-jane", "/api/v1/pools")).toMatchObject({
      status: 502,
      body: { code: "upstream" },
    });
  });
});

describe("through a trusted proxy", () => {
  test("the cluster is asked in the person's name, with their groups, and written to by them alone", async () => {
    const started = await start(byProxy);
    started.may = (user, access) => user === "jane" || isRead(access);
    const response = await answer(
      throughProxy("jane", ["web", "net"], "GET", "/api/v1/session"),
      "/api/v1/session",
    );
    expect(await body(response)).toMatchObject({
      user: "jane",
      how: "proxy",
      groups: ["web", "net"],
      canLogOut: false,
    });
    const send = (user: string) => (sent: unknown) =>
      throughProxy(user, [], "PATCH", `/api/v1/pools/${pool}`, sent);
    expect((await disable(send("joe"), started)).status).toBe(403);
    expect((await disable(send("jane"), started)).status).toBe(200);
    expect(
      started.asked.filter(({ access }) => access.name === pool && access.verb === "patch"),
    ).toMatchObject([{ user: "jane" }]);
  });

  test("whom the service account may not speak for is let in by the proxy, and told so by the cluster", async () => {
    await start(byProxy);
    const response = await answer(throughProxy("eve", [], "GET", "/api/v1/pools"), "/api/v1/pools");
    expect(await body(response)).toMatchObject({
      status: 403,
      detail:
        'The cluster does not let Poolboard speak for the person eve. Whoever installed it adds eve to --users of "npm run manifests".',
      permission: { verb: "impersonate", group: "", resource: "users", name: "eve" },
    });
    const asMember = await answer(
      throughProxy("jane", ['bad "ones"'], "GET", "/api/v1/pools"),
      "/api/v1/pools",
    );
    expect(await body(asMember)).toMatchObject({
      status: 403,
      detail:
        'The cluster does not let Poolboard speak for members of the group bad "ones". Whoever installed it adds bad "ones" to --groups of "npm run manifests".',
      permission: { verb: "impersonate", resource: "groups", name: 'bad "ones"' },
    });
  });

  test("whoever comes past it is nobody, whatever they say of themselves", async () => {
    await start(byProxy);
    const headers = {
      "X-Remote-User": "admin",
      "X-Remote-Group": "system:masters",
      "Impersonate-User": "admin",
      "X-Forwarded-User": "admin",
    };
    for (const authorization of [null, "Bearer token-of-jane"]) {
      const request = pageRequest("GET", "/api/v1/pools", {
        headers: { ...headers, Authorization: authorization },
      });
      expect((await answer(request, "/api/v1/pools")).status).toBe(401);
    }
    const refused = Buffer.from('{"refused":"the user has no name"}').toString("base64url");
    const request = pageRequest("GET", "/api/v1/pools", { headers: { "X-Poolboard-Claim": refused } });
    expect(await body(await answer(request, "/api/v1/pools"))).toMatchObject({
      status: 401,
      detail: "The proxy's word is not taken: the user has no name.",
    });
  });

  test("a page of another origin cannot write through it, and by TLS our own is https", async () => {
    const started = await start(byProxy);
    const send = (headers: Readonly<Record<string, string | null>>) => (sent: unknown) => {
      const request = throughProxy("jane", [], "PATCH", `/api/v1/pools/${pool}`, sent);
      for (const [name, value] of Object.entries(headers)) {
        if (value === null) request.headers.delete(name);
        else request.headers.set(name, value);
      }
      return request;
    };
    expect((await disable(send({ Origin: null }), started)).status).toBe(403);
    expect((await disable(send({ Origin: null, Authorization: "Bearer x" }), started)).status).toBe(403);
    expect((await disable(send({ Origin: "https://localhost:3000" }), started)).status).toBe(403);
    const secure = { "X-Poolboard-Scheme": "https" };
    expect((await disable(send({ ...secure }), started)).status).toBe(403);
    expect((await disable(send({ ...secure, Origin: "https://localhost:3000" }), started)).status).toBe(200);
  });
});
