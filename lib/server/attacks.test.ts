import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { routes } from "../contract/routes.ts";
import type { ClusterConnection } from "../kube/connection.ts";
import { configure, pageRequest } from "./testing.ts";

type Handler = (request: Request, context: { params: Promise<Record<string, unknown>> }) => Promise<Response>;

const app = join(import.meta.dirname, "..", "..", "app");

async function handlerOf(path: string, method: string): Promise<Handler> {
  const file = join(app, `${path.slice(1).replaceAll(/\{(\w+)\}/g, "[$1]")}/route.ts`);
  return ((await import(file)) as Record<string, Handler>)[method] as Handler;
}

/** What was asked of the cluster, reviews of rights apart. */
let asked: string[] = [];

/** Grants every right, and knows no object. */
const connection = {
  name: "test",
  clock: { now: () => Date.now(), after: () => () => undefined },
  request: async ({ path }: { path: string }) => {
    if (path.startsWith("/apis/authorization.k8s.io/")) return { status: { allowed: true } };
    asked.push(path);
    throw new Error(`nobody should have asked for ${path}`);
  },
} as unknown as ClusterConnection;

beforeEach(() => {
  asked = [];
  configure({ connection });
});

/** No object has such a name; several of them mean something to whoever pastes them into a path. */
const badNames = [
  "",
  ".",
  "..",
  "%2e%2e",
  "%2E%2E%2Fnamespaces",
  "%252e%252e",
  "a/b",
  "a%2Fb",
  "a\\b",
  "a\0",
  "a\r\nX-Injected: 1",
  "a?dryRun=true",
  "a#b",
  "a;b",
  "%",
  "a".repeat(254),
  "UPPER",
  " a",
  "a ",
  "\u202Ea",
];

/** 503: the inventory has read nothing yet, so a well-formed question would wait. */
const refusals = [400, 404, 422, 503];

const named = routes.filter(({ path }) => /\{\w+\}/.test(path));

describe.each(named.map(({ method, path }) => [method.toUpperCase(), path] as const))(
  "%s %s",
  (method, path) => {
    const parameter = /\{(\w+)\}/.exec(path)?.[1] ?? "";

    test.each(badNames)("a name like %j reaches no cluster", async (name) => {
      const body = method === "GET" ? {} : { body: JSON.stringify({ uid: "u", resourceVersion: "1" }) };
      const handle = await handlerOf(path, method);
      const response = await handle(pageRequest(method, "/x", body), {
        params: Promise.resolve({ [parameter]: name }),
      });
      expect(refusals).toContain(response.status);
      expect(response.headers.get("x-injected")).toBeNull();
      expect(asked).toEqual([]);
    });
  },
);

/** Parameters of a query that name an object, by route. */
const queries = routes.flatMap(({ method, path, query }) =>
  Object.keys(query?.shape ?? {})
    .filter((field) => ["namespace", "node", "pool", "block"].includes(field))
    .map((field) => [method.toUpperCase(), path, field] as const),
);

describe.each(queries)("%s %s?%s=", (method, path, field) => {
  test.each(badNames.filter((name) => name !== ""))("a name like %j reaches no cluster", async (name) => {
    const handle = await handlerOf(path, method);
    const search = new URLSearchParams({ [field]: name });
    const response = await handle(pageRequest(method, `/x?${search.toString()}`), {
      params: Promise.resolve({ name: "external-pool" }),
    });
    expect(refusals).toContain(response.status);
    expect(asked).toEqual([]);
  });
});

test("there is something to attack", () => {
  expect(named.length).toBeGreaterThan(5);
  expect(queries.length).toBeGreaterThan(5);
});
