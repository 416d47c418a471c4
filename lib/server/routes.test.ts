import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { routes } from "../contract/routes.ts";
import { guarded } from "./respond.ts";
import { configure, pageRequest } from "./testing.ts";

type Handler = (request: Request, context: { params: Promise<Record<string, unknown>> }) => Promise<Response>;

const app = join(import.meta.dirname, "..", "..", "app");
const files = (await readdir(app, { recursive: true }))
  .filter((file) => /(^|\/)route\.ts$/.test(file))
  .sort();
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** Served, but no part of the contract: the printed link, and whatever is not there. */
const others = ["login/route.ts", "api/[[...rest]]/route.ts"];

const fileOf = (path: string) => `${path.slice(1).replaceAll(/\{(\w+)\}/g, "[$1]")}/route.ts`;
const load = (file: string) => import(join(app, file)) as Promise<Record<(typeof methods)[number], Handler>>;

async function answer(file: string, request: Request): Promise<{ status: number; code: string }> {
  const handlers = await load(file);
  const params = { name: "external-pool", ip: "10.64.0.1", id: randomUUID(), rest: ["v1", "nothing"] };
  const used = Object.entries(params).filter(
    ([name]) => file.includes(`[${name}]`) || file.includes(`...${name}`),
  );
  const handler = handlers[request.method as "GET"];
  const response = await handler(request, { params: Promise.resolve(Object.fromEntries(used)) });
  const isProblem = response.headers.get("content-type") === "application/problem+json";
  const body = isProblem ? ((await response.json()) as { code?: string }) : null;
  if (!isProblem) await response.body?.cancel();
  return { status: response.status, code: body?.code ?? "" };
}

beforeEach(() => void configure());

test("the route files are those of the contract, and no others", () => {
  expect(files).toEqual([...new Set([...routes.map(({ path }) => fileOf(path)), ...others])].sort());
});

describe.each(files)("%s", (file) => {
  test("exports nothing but guarded methods, all of them", async () => {
    const exported = await load(file);
    expect(Object.keys(exported).sort()).toEqual([...methods].sort());
    for (const handler of Object.values(exported)) expect(Reflect.get(handler, guarded)).toBe(true);
    expect(await readFile(join(app, file), "utf8")).not.toMatch(/["']use server["']/);
  });

  test("has the methods of the contract", async () => {
    if (others.includes(file)) return;
    const known = routes
      .filter(({ path }) => fileOf(path) === file)
      .map(({ method }) => method.toUpperCase());
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      const { status } = await answer(
        file,
        pageRequest(method, "/x", method === "GET" ? {} : { body: "{}" }),
      );
      if (known.includes(method)) expect(status, method).not.toBe(405);
      else expect(status, method).toBe(405);
    }
  });
});

/** Whoever comes in or goes out is nobody yet, or no more, and changes nothing in the cluster. */
const doors = ["login/route.ts", "api/v1/login/route.ts", "api/v1/logout/route.ts"];
const probes = ["healthz/route.ts", "readyz/route.ts"];
const guardedFiles = files.filter((file) => !probes.includes(file));

describe.each(guardedFiles)("%s refuses", (file) => {
  test.each([
    ["a foreign Host", { Host: "evil.example" }, 421],
    ["another site", { "Sec-Fetch-Site": "cross-site" }, 403],
    ["a server action", { "Next-Action": "x" }, 400],
    ["an upgrade", { Upgrade: "websocket" }, 400],
  ])("%s", async (_, headers, status) => {
    const method = routes.find(({ path }) => fileOf(path) === file)?.method.toUpperCase() ?? "GET";
    const request = pageRequest(method, "/x", { headers, ...(method === "GET" ? {} : { body: "{}" }) });
    expect((await answer(file, request)).status).toBe(status);
  });

  const proxied = {
    how: "proxy",
    secretHash: Buffer.alloc(32),
    userHeader: "x-remote-user",
    groupsHeader: "x-remote-group",
  } as const;
  const modes: readonly [string, Parameters<typeof configure>[0]][] = [
    ["with a kubeconfig", { mode: "local" }],
    ["in the cluster", { mode: "inCluster" }],
    ["in the cluster, read-only", { mode: "inCluster", readOnly: true }],
    ["by token", { mode: "inCluster", auth: { how: "oidc", sessionKey: new Uint8Array(32) } }],
    ["by token, with a kubeconfig", { mode: "local", auth: { how: "oidc", sessionKey: new Uint8Array(32) } }],
    ["through a proxy", { mode: "inCluster", auth: proxied }],
  ];
  const forgeries: readonly [string, Record<string, string>][] = [
    ["nothing", {}],
    ["a proxy's headers", { "X-Remote-User": "admin", "X-Remote-Group": "web", "X-Forwarded-User": "admin" }],
    ["twins with underscores", { X_Remote_User: "admin", X_Remote_Group: "web" }],
    ["system:masters", { "X-Remote-User": "system:admin", "X-Remote-Group": "system:masters" }],
    ["the API server's own", { "Impersonate-User": "admin", "Impersonate-Group": "system:masters" }],
    ["the secret of nobody", { "X-Poolboard-Proxy-Secret": "0123456789abcdef", "X-Remote-User": "admin" }],
    ["a cookie", { Cookie: "poolboard-3000=e30.e30; __Host-poolboard=e30" }],
    ["a password", { Authorization: "Basic YWRtaW46YWRtaW4=" }],
    ["no token", { Authorization: "Bearer x" }],
  ];
  const method = routes.find(({ path }) => fileOf(path) === file)?.method.toUpperCase() ?? "GET";

  test.each(
    modes.flatMap(([mode, config]) =>
      forgeries.map(([name, headers]) => [mode, name, config, headers] as const),
    ),
  )("%s whoever brings %s", async (_mode, _name, config, headers) => {
    if (doors.includes(file)) return;
    configure(config);
    const request = pageRequest(method, "/x", { headers, ...(method === "GET" ? {} : { body: "{}" }) });
    expect((await answer(file, request)).status).toBe(401);
  });
});

const writes = routes.filter(({ method }) => method !== "get");

describe.each(writes.map(({ method, path }) => [method.toUpperCase(), path] as const))(
  "%s %s refuses",
  (method, path) => {
    const large = path === "/api/v1/pools" ? 257 : 65;
    const json = (size: number) => `{"uid":"${"x".repeat(size - 10)}"}`;
    test.each<[string, Parameters<typeof pageRequest>[2], number]>([
      ["no Origin", { headers: { Origin: null } }, 403],
      ["Origin null", { headers: { Origin: "null" } }, 403],
      ["a foreign Origin", { headers: { Origin: "http://evil.example" } }, 403],
      ["text/plain", { headers: { "Content-Type": "text/plain" } }, 415],
      ["no X-Requested-By", { headers: { "X-Requested-By": null } }, 403],
      ["a large body", { body: json(large * 1024) }, 413],
      ["a depth bomb", { body: "[".repeat(60_000) }, 400],
      ["a key twice", { body: '{"uid":"a","uid":"b"}' }, 400],
      ["__proto__", { body: '{"__proto__":{"admin":true}}' }, 400],
      ["an unknown field", { body: '{"surprise":1}' }, 422],
    ])("%s", async (_, options, status) => {
      const request = pageRequest(method, path, { body: "{}", ...options });
      expect((await answer(fileOf(path), request)).status).toBe(status);
    });

    test("everything when it is read-only", async () => {
      if (doors.includes(fileOf(path))) return;
      configure({ readOnly: true });
      const request = pageRequest(method, path, { body: "{}" });
      expect(await answer(fileOf(path), request)).toMatchObject({ status: 403, code: "read-only" });
    });
  },
);

test("what does not exist yet is a plain 404 problem", async () => {
  for (const method of ["GET", "POST", "DELETE"]) {
    const request = pageRequest(method, "/api/v1/history", method === "GET" ? {} : { body: "{}" });
    expect(await answer("api/[[...rest]]/route.ts", request)).toMatchObject({
      status: 404,
      code: "not-found",
    });
  }
});
