import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod/mini";
import { routes, type Route } from "../contract/routes.ts";
import { pageRequest } from "./testing.ts";
import { startWriteWorld, type WriteWorld } from "./write/testing.ts";

type Handler = (request: Request, context: { params: Promise<Record<string, unknown>> }) => Promise<Response>;

let world: WriteWorld;
/** Of the activity: an attempt that was refused. */
let entry = "";
beforeAll(async () => {
  world = await startWriteWorld();
  const { PATCH } = (await import(join(app, "api/v1/pools/[name]/route.ts"))) as { PATCH: Handler };
  const params = Promise.resolve({ name: "default-ipv4-ippool" });
  const refused = await PATCH(pageRequest("PATCH", "/api/v1/pools/default-ipv4-ippool", { body: "{}" }), {
    params,
  });
  entry = refused.headers.get("x-request-id") ?? "";
});
afterAll(() => world.stop());

const app = join(import.meta.dirname, "..", "..", "app");

/** What each variable part and each required parameter stands for in the tutorial's cluster. */
const names: Readonly<Record<string, string>> = {
  "/api/v1/blocks/{name}": "10-255-96-64-26",
  "/api/v1/addresses/{ip}": "10.255.96.64",
};
const queries: Readonly<Record<string, string>> = {
  "/api/v1/pools/{name}/map": "?format=json",
  "/api/v1/pools/{name}/impact": "?action=disable",
  "/api/v1/pools/{name}/ownership": "?action=disable",
  "/api/v1/search": "?q=10.255",
  "/api/v1/choose": "?namespace=default&node=s666dan4151",
  "/api/v1/ipam/show": "?blocks=true",
};

async function ask(path: string, query: string): Promise<Response> {
  const name = path === "/api/v1/activity/{id}" ? entry : (names[path] ?? "default-ipv4-ippool");
  const file = join(app, `${path.slice(1).replaceAll(/\{(\w+)\}/g, "[$1]")}/route.ts`);
  const { GET } = (await import(file)) as { GET: Handler };
  const variable = /\{(\w+)\}/.exec(path)?.[1];
  const params = variable === undefined ? {} : { [variable]: name };
  return GET(pageRequest("GET", path.replace(/\{\w+\}/, name) + query), { params: Promise.resolve(params) });
}

async function aPod(): Promise<string> {
  const { items } = (await (await ask("/api/v1/pods", "?state=running")).json()) as {
    items: { namespace: string; name: string }[];
  };
  return `${items[0]?.namespace}/${items[0]?.name}`;
}

const reads = routes.filter(({ method, path }) => method === "get" && path !== "/api/v1/events");

test.each(reads.map((route): [string, Route] => [route.path, route]))(
  "%s answers as the contract says",
  async (path, route) => {
    const query = path === "/api/v1/path" ? `?from=${await aPod()}&to=1.1.1.1` : (queries[path] ?? "");
    const response = await ask(path, query);
    const text = await response.text();
    expect(response.status, text).toBe(200);
    expect(response.headers.get("x-poolboard-version")).toMatch(/^\d+\.\d+$/);
    expect(response.headers.get("x-poolboard-age-ms")).toMatch(/^\d+$/);
    const type = response.headers.get("content-type")?.split(";", 1)[0] ?? "";
    expect(Object.keys(route.answers)).toContain(type);
    const schema = route.answers[type];
    if (!schema) return expect(text).not.toBe("");
    // Strict: a field that the contract does not know is a mistake on one of the two sides.
    const body: unknown = JSON.parse(text);
    const parsed = schema.safeParse(body);
    expect(parsed.error && z.prettifyError(parsed.error)).toBeUndefined();
    expect(parsed.data).toEqual(body);
  },
);

test.each([
  ["/api/v1/pools/{name}/map", "", "application/octet-stream"],
  ["/api/v1/pools/{name}/map", "?with=lent,node", "application/octet-stream"],
  ["/api/v1/pools/{name}/map", "?format=json", "application/json"],
  ["/api/v1/ipam/show", "?format=text", "text/plain"],
  ["/api/v1/ipam/show", "?format=csv&blocks=true", "text/csv"],
  ["/api/v1/pools/{name}/yaml", "", "text/yaml"],
])("%s%s is %s", async (path, query, type) => {
  const response = await ask(path, query);
  expect([response.status, response.headers.get("content-type")?.split(";", 1)[0]]).toEqual([200, type]);
});

test.each([
  ["as it was sent", (etag: string) => etag],
  ["made weak by a proxy", (etag: string) => `"other", W/${etag}`],
])("a map that has not changed is not sent again: its tag %s", async (_words, spelled) => {
  const first = await ask("/api/v1/pools/{name}/map", "");
  const { GET } = (await import(join(app, "api/v1/pools/[name]/map/route.ts"))) as { GET: Handler };
  const etag = first.headers.get("etag") ?? "";
  const again = await GET(pageRequest("GET", "/map", { headers: { "If-None-Match": spelled(etag) } }), {
    params: Promise.resolve({ name: "default-ipv4-ippool" }),
  });
  expect([again.status, await again.text()]).toEqual([304, ""]);
});

test.each([
  ["/api/v1/pools", "?limit=0", 422],
  ["/api/v1/pools", "?limit=501", 422],
  ["/api/v1/pools", "?sort=nonsense", 422],
  ["/api/v1/pools", "?family=5", 422],
  ["/api/v1/namespaces", "?problem=yes", 422],
  ["/api/v1/pools/{name}/map", "?with=colour", 422],
  ["/api/v1/pools/{name}/map", "?addresses=203.0.113.0/28", 422],
  ["/api/v1/pools/{name}/map", "?nodes=true", 422],
  ["/api/v1/pools/{name}/impact", "?action=explode", 422],
  ["/api/v1/pools/{name}/impact", "?action=update", 422],
  ["/api/v1/pools/{name}/impact", "?action=disable&spec={}", 422],
  ["/api/v1/pools/{name}/impact", "?action=update&spec={", 422],
  ["/api/v1/pools/{name}/impact", '?action=update&spec={"cidr":"10.0.0.0/8"}', 422],
  ["/api/v1/pools/{name}/impact", '?action=update&spec={"natOutgoing":true,"natOutgoing":false}', 422],
  ["/api/v1/pools/{name}/impact", '?action=update&spec={"nodeSelector":"zone = 1"}', 422],
  ["/api/v1/pools/{name}/impact", '?action=update&spec={"ipipMode":"Always","vxlanMode":"Always"}', 422],
  ["/api/v1/pools/{name}/impact", '?action=update&spec={"nodeSelector":"has(zone)"}', 200],
  ["/api/v1/pools/{name}/impact", "?action=update&spec={}", 200],
  ["/api/v1/path", "?from=x&to=y", 422],
])("%s%s is %i", async (path, query, status) => {
  const response = await ask(path, query);
  expect(response.status, await response.text()).toBe(status);
});

test("the stream begins with a hello and tells a change within a second", { timeout: 5_000 }, async () => {
  const response = await ask("/api/v1/events", "");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const read = async (pattern: RegExp) => {
    while (!pattern.test(text)) text += (await reader?.read())?.value ?? "";
  };
  await read(/event: hello\ndata: \{"version":"\d+\.\d+","totals":.*\}\n\n/);
  const path = "/apis/crd.projectcalico.org/v1/ippools/default-ipv4-ippool";
  const contentType = "application/merge-patch+json";
  await world.connection.request({ method: "PATCH", path, contentType, body: { spec: { disabled: true } } });
  await read(/event: change\ndata: .*"name":"default-ipv4-ippool".*\n\n/);
  await reader?.cancel();
});
