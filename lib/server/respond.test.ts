import { beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod/mini";
import { Problem } from "../contract/problem.ts";
import type { ServerConfig } from "./config.ts";
import { newLoginCode, openSession } from "./identity/link.ts";
import { log } from "./log.ts";
import { endpoint, Named, route } from "./respond.ts";
import { configure, ownOrigin, pageRequest, testToken } from "./testing.ts";

const handled: unknown[] = [];
const handlers = route({
  GET: endpoint({
    params: Named,
    query: z.strictObject({ q: z.optional(z.string()) }),
    handle: () => Response.json({ ok: true }),
  }),
  PATCH: endpoint({
    params: Named,
    query: z.strictObject({ dryRun: z.optional(z.literal("true")) }),
    body: z.strictObject({ disabled: z.boolean(), labels: z.optional(z.record(z.string(), z.string())) }),
    handle: ({ body }) => {
      handled.push(body);
      return Response.json({ ok: true });
    },
  }),
});

const call = (request: Request, name = "external-pool") =>
  handlers[request.method as "GET"](request, { params: Promise.resolve({ name }) });
const patch = (options: Parameters<typeof pageRequest>[2] = {}) =>
  pageRequest("PATCH", "/api/v1/pools/external-pool", { body: '{"disabled":true}', ...options });
const get = (options: Parameters<typeof pageRequest>[2] = {}, path = "/api/v1/pools/external-pool") =>
  pageRequest("GET", path, options);

beforeEach(() => {
  handled.length = 0;
  configure();
});

/** The problem that a refused request is answered with; it never reaches the handler. */
async function refused(request: Request, name?: string) {
  const response = await call(request, name);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const problem = Problem.parse(await response.json());
  expect(problem.status).toBe(response.status);
  expect(handled).toEqual([]);
  return { status: problem.status, code: problem.code, problem, response };
}

test("a request of our own page passes, and the answer carries every header", async () => {
  const response = await call(patch());
  expect(response.status).toBe(200);
  expect(handled).toEqual([{ disabled: true }]);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-security-policy": expect.stringContaining("default-src 'none'"),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
    "x-poolboard-version": expect.stringMatching(/^\d+\.\d+$/),
    "x-poolboard-age-ms": expect.stringMatching(/^\d+$/),
    "x-request-id": expect.stringMatching(/^[\w-]{36}$/),
  });
});

test("HEAD answers as GET does, without a body", async () => {
  const response = await call(pageRequest("HEAD", "/api/v1/pools/external-pool"));
  expect([response.status, await response.text()]).toEqual([200, ""]);
});

const bytes = (count: number) => `{"disabled":true,"x":"${"y".repeat(count - 23)}"}`;

describe("what is refused, and as what", () => {
  test.each<[string, Request, number, string]>([
    ["a method that is not there", pageRequest("PUT", "/x", { body: "{}" }), 405, "method-not-allowed"],
    ["OPTIONS", pageRequest("OPTIONS", "/x"), 405, "method-not-allowed"],
    ["a foreign Host", get({ headers: { Host: "evil.example" } }), 421, "misdirected"],
    ["no Host", get({ headers: { Host: null } }), 421, "misdirected"],
    ["our name with another port", get({ headers: { Host: "localhost:3001" } }), 421, "misdirected"],
    ["a read from another site", get({ headers: { "Sec-Fetch-Site": "cross-site" } }), 403, "cross-site"],
    ["a server action", get({ headers: { "Next-Action": "1" } }), 400, "bad-request"],
    ["an upgrade", get({ headers: { Upgrade: "websocket" } }), 400, "bad-request"],
    ["a wrong token", get({ headers: { Authorization: "Bearer nope" } }), 401, "unauthenticated"],
    ["a write without Origin", patch({ headers: { Origin: null } }), 403, "cross-site"],
    ["a write from null", patch({ headers: { Origin: "null" } }), 403, "cross-site"],
    ["a write from elsewhere", patch({ headers: { Origin: "http://evil.example" } }), 403, "cross-site"],
    [
      "a write from our name over https",
      patch({ headers: { Origin: "https://localhost:3000" } }),
      403,
      "cross-site",
    ],
    ["a write from a sibling site", patch({ headers: { "Sec-Fetch-Site": "same-site" } }), 403, "cross-site"],
    ["a form", patch({ headers: { "Content-Type": "text/plain" } }), 415, "unsupported-media-type"],
    ["no media type", patch({ headers: { "Content-Type": null } }), 415, "unsupported-media-type"],
    [
      "almost JSON",
      patch({ headers: { "Content-Type": "application/json-patch+json" } }),
      415,
      "unsupported-media-type",
    ],
    ["a compressed body", patch({ headers: { "Content-Encoding": "gzip" } }), 415, "unsupported-media-type"],
    ["no X-Requested-By", patch({ headers: { "X-Requested-By": null } }), 403, "cross-site"],
    ["65 KB", patch({ body: bytes(65 * 1024) }), 413, "too-large"],
    ["no JSON", patch({ body: "disabled: true" }), 400, "invalid-json"],
    ["no body", patch({ body: "" }), 400, "invalid-json"],
    ["bytes that are not UTF-8", patch({ body: new Uint8Array([0x22, 0xff, 0x22]) }), 400, "invalid-json"],
    ["a depth bomb", patch({ body: `{"disabled":${"[".repeat(9_000)}` }), 400, "invalid-json"],
    ["a key twice", patch({ body: '{"disabled":true,"disabled":false}' }), 400, "invalid-json"],
    [
      "a key twice in disguise",
      patch({ body: '{"disabled":true,"dis\\u0061bled":false}' }),
      400,
      "invalid-json",
    ],
    ["__proto__", patch({ body: '{"disabled":true,"__proto__":{}}' }), 400, "invalid-json"],
    ["an unknown field", patch({ body: '{"disabled":true,"cidr":"10.0.0.0/8"}' }), 422, "invalid-fields"],
    ["a wrong type", patch({ body: '{"disabled":"yes"}' }), 422, "invalid-fields"],
    ["an unknown parameter", get({}, "/x?limit=1"), 422, "invalid-parameter"],
    ["a parameter twice", get({}, "/x?q=1&q=2"), 422, "invalid-parameter"],
  ])("%s", async (_, request, status, code) => {
    expect(await refused(request)).toMatchObject({ status, code });
  });

  test("wrong fields are named, one entry each", async () => {
    const { problem } = await refused(patch({ body: '{"disabled":1,"cidr":"x","labels":{"a":2}}' }));
    expect(problem.errors?.map(({ field }) => field).sort()).toEqual(["cidr", "disabled", "labels.a"]);
  });

  test("an endless body is cut off where it is too large", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(8 * 1024).fill(0x20));
      },
    });
    expect(await refused(patch({ body: endless }))).toMatchObject({ status: 413 });
    expect(pulled).toBeLessThan(12);
  });

  test.each([
    "",
    ".",
    "..",
    "%2e%2e",
    "%2E",
    "a/b",
    "a%2Fb",
    "a\\b",
    "a\0",
    "a\r\nb",
    "%",
    "a".repeat(254),
    "Upper",
    "-a",
    "a..b",
  ])("the name %j never reaches a handler", async (name) => {
    expect(await refused(get(), name)).toMatchObject({ status: 400, code: "invalid-name" });
  });

  test.each(["..", "a..b", "Upper"])("what is wrong with the name %j is said once", async (name) => {
    expect((await refused(get(), name)).problem).toMatchObject({
      errors: [{ field: "name", message: "is not the name of a Kubernetes object" }],
    });
  });

  test("constructor is a name like any other", async () => {
    expect((await call(get(), "constructor")).status).toBe(200);
  });
});

test("the checks come in their order: the first that fails is told", async () => {
  const everythingWrong: Record<string, string | null> = {
    Host: "evil.example",
    "Sec-Fetch-Site": "cross-site",
    Upgrade: "h2c",
    Authorization: "Bearer nope",
    Origin: null,
    "Content-Type": "text/plain",
    "X-Requested-By": null,
  };
  const repairs: [string, string | null, string][] = [
    ["Host", "localhost:3000", "misdirected"],
    ["Sec-Fetch-Site", "same-origin", "cross-site"],
    ["Upgrade", null, "bad-request"],
    ["Authorization", null, "unauthenticated"],
    ["Origin", ownOrigin, "cross-site"],
    ["Content-Type", "application/json", "unsupported-media-type"],
    ["X-Requested-By", "poolboard", "cross-site"],
  ];
  for (const [header, right, code] of repairs) {
    expect((await refused(patch({ headers: everythingWrong, body: "nonsense" }))).code).toBe(code);
    everythingWrong[header] = right;
  }
  expect((await refused(patch({ headers: everythingWrong, body: "nonsense" }))).code).toBe("invalid-json");
});

test("read-only: nothing is written, whatever it is", async () => {
  configure({ readOnly: true });
  expect(await refused(patch())).toMatchObject({ status: 403, code: "read-only" });
  expect((await call(get())).status).toBe(200);
});

test("writes are limited, reads are not", async () => {
  const answers = await Promise.all(Array.from({ length: 70 }, () => call(patch())));
  const limited = answers.filter(({ status }) => status === 429);
  expect(limited.length).toBeGreaterThan(0);
  expect(Number(limited[0]?.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
  const reads = await Promise.all(Array.from({ length: 200 }, () => call(get())));
  expect(reads.every(({ status }) => status === 200)).toBe(true);
});

describe("who is asking", () => {
  const local = (overrides: Partial<ServerConfig> = {}) => configure({ mode: "local", ...overrides });
  const cookie = (value: string) => ({ headers: { Cookie: `other=1; poolboard-3000=${value}` } });

  test("with a kubeconfig nobody gets in without a login", async () => {
    local();
    const { status, response } = await refused(get());
    expect([status, response.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="poolboard"']);
  });

  test("the code of the link opens one session, once", async () => {
    local();
    const code = newLoginCode();
    expect(openSession("guess")).toBeNull();
    const value = openSession(code);
    expect(openSession(code)).toBeNull();
    expect((await call(get(cookie(value ?? "")))).status).toBe(200);
    expect(await refused(get(cookie("guess")))).toMatchObject({ status: 401 });
    expect(
      await refused(get({ headers: { Cookie: `poolboard-3000=${value}; poolboard-3000=guess` } })),
    ).toMatchObject({
      status: 401,
    });
  });

  test("a session ends after eight hours", async () => {
    local();
    const value = openSession(newLoginCode(), Date.now() - 8 * 3600 * 1000);
    expect(await refused(get(cookie(value ?? "")))).toMatchObject({ status: 401 });
  });

  test("a session alone does not write from elsewhere", async () => {
    local();
    const value = openSession(newLoginCode()) ?? "";
    const headers = { Cookie: `poolboard-3000=${value}`, Origin: "http://evil.example" };
    expect(await refused(patch({ headers }))).toMatchObject({ status: 403 });
    expect((await call(patch(cookie(value)))).status).toBe(200);
  });

  test("a script with the token needs neither Origin nor X-Requested-By", async () => {
    local();
    const headers = {
      Authorization: `Bearer ${testToken}`,
      Origin: null,
      "X-Requested-By": null,
      "Sec-Fetch-Site": null,
    };
    expect((await call(patch({ headers }))).status).toBe(200);
  });

  test("no token is accepted where none was set", async () => {
    local({ tokenHash: null });
    expect(await refused(get({ headers: { Authorization: `Bearer ${testToken}` } }))).toMatchObject({
      status: 401,
    });
  });

  test("identity headers of a proxy say nothing", async () => {
    local();
    const headers = {
      "X-Remote-User": "admin",
      "X-Forwarded-User": "admin",
      "Impersonate-User": "admin",
      Forwarded: "for=1",
    };
    expect(await refused(get({ headers }))).toMatchObject({ status: 401 });
  });
});

test("each attempt to write leaves one line in the log, refused ones too, and no secret in it", async () => {
  configure({ mode: "local" });
  const lines: object[] = [];
  const info = vi
    .spyOn(log, "info")
    .mockImplementation((fields: unknown) => void lines.push(fields as object));
  const bearer = { Authorization: `Bearer ${testToken}`, "X-Poolboard-Peer": "192.0.2.7" };
  await call(patch({ headers: bearer }));
  await call(patch({ headers: { Origin: "http://evil.example", ...bearer } }));
  await call(patch({ headers: bearer, body: "{}" }));
  await call(patch());
  await call(get({ headers: bearer }));
  info.mockRestore();
  expect(lines).toMatchObject([
    {
      audit: "done",
      how: "token",
      client: "192.0.2.7",
      method: "PATCH",
      path: "/api/v1/pools/external-pool",
      status: 200,
    },
    { audit: "denied", problem: "cross-site" },
    { audit: "refused", problem: "invalid-fields", how: "token" },
    { audit: "denied", problem: "unauthenticated", how: null },
  ]);
  expect(JSON.stringify(lines)).not.toContain(testToken);
});

test("what nobody foresaw is a bare 500", async () => {
  const broken = route({
    GET: endpoint({
      handle() {
        throw new Error("hunter2 is the secret");
      },
    }),
  });
  const response = await broken.GET(pageRequest("GET", "/x"), { params: Promise.resolve(undefined) });
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("hunter2");
});

test("who leaves before the answer is there is no failure of the server", async () => {
  const logged = vi.spyOn(log, "error");
  const late = route({
    GET: endpoint({
      handle: ({ request }) =>
        new Promise((_, reject) =>
          request.signal.addEventListener("abort", () => reject(request.signal.reason)),
        ),
    }),
  });
  const leaving = new AbortController();
  const request = new Request(pageRequest("GET", "/x"), { signal: leaving.signal });
  const answer = late.GET(request, { params: Promise.resolve(undefined) });
  setImmediate(() => leaving.abort(new Error("gone")));
  expect((await answer).status).toBe(499);
  expect(logged).not.toHaveBeenCalled();
});
