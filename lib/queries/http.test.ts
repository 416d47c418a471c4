import { afterEach, expect, test, vi } from "vitest";
import * as z from "zod/mini";
import { getJson, query, requestIdOf, seenVersions, sendJson } from "./http.ts";
import { ProblemError } from "./problem-error.ts";
import { shape } from "./schemas.ts";
import { isOlder } from "./versions.ts";

const schema = z.object({ name: z.string() });
const Thing = { schema: () => schema };

function answerWith(...answers: readonly Response[]): void {
  const queue = [...answers];
  vi.stubGlobal("fetch", () => {
    const next = queue.shift();
    return next ? Promise.resolve(next) : Promise.reject(new TypeError("no more answers"));
  });
}

function versioned(name: string, version: string): Response {
  return Response.json({ name }, { headers: { "x-poolboard-version": version } });
}

async function problemOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProblemError)) throw new Error("it did not fail with a ProblemError");
  return error;
}

afterEach(() => {
  vi.unstubAllGlobals();
  seenVersions.stream = null;
  seenVersions.early.clear();
});

test("an answer is checked against its schema", async () => {
  answerWith(Response.json({ name: "a" }), Response.json({ title: "b" }));
  expect(await getJson("/thing", Thing)).toEqual({ name: "a" });
  expect((await problemOf(getJson("/thing", Thing))).problem.code).toBe("unreadable");
});

test("before its schema is here an answer is taken as it is", async () => {
  answerWith(Response.json({ title: "b" }));
  expect(await getJson("/thing", { schema: () => null as typeof schema | null })).toEqual({ title: "b" });
});

test("what is written is answered for with the schema, which is loaded meanwhile", async () => {
  const { schema: known } = shape("LoggedOut");
  expect(known()).toBeNull();
  answerWith(Response.json(["no such thing"]));
  expect((await problemOf(sendJson("POST", "/thing", {}, shape("LoggedOut")))).problem.code).toBe(
    "unreadable",
  );
  expect(known()).not.toBeNull();
});

test("a problem keeps what the server said", async () => {
  const body = {
    type: "about:blank",
    title: "No",
    status: 403,
    code: "read-only",
    detail: "Not here.",
    requestId: "7",
  };
  answerWith(Response.json(body, { status: 403, headers: { "content-type": "application/problem+json" } }));
  const error = await problemOf(getJson("/thing", Thing));
  expect(error.problem).toEqual(body);
  expect(error.passing).toBe(false);
});

test.each([
  [new Response("<html>bad gateway</html>", { status: 502 }), 502, true],
  [new Response("", { status: 500 }), 500, false],
  [Response.json({ message: "of a proxy" }, { status: 404 }), 404, false],
])("an error that is no problem document has its status", async (response, status, passing) => {
  answerWith(response);
  const error = await problemOf(getJson("/thing", Thing));
  expect([error.problem.status, error.passing]).toEqual([status, passing]);
});

test("no answer at all passes", async () => {
  answerWith();
  const error = await problemOf(getJson("/thing", Thing));
  expect([error.problem.status, error.problem.code, error.passing]).toEqual([0, "unreachable", true]);
});

test.each(["/api/v1/pools", "/api/v1/pools/a", "/api/v1/blocks?pool=a"])(
  "an answer of %s that is older than the stream is asked for again",
  async (path) => {
    seenVersions.stream = "e.12";
    answerWith(versioned("old", "e.9"), versioned("new", "e.12"));
    expect(await getJson(path, Thing)).toEqual({ name: "new" });
  },
);

test("an answer that stays behind is taken", async () => {
  seenVersions.stream = "e.12";
  answerWith(versioned("old", "e.9"), versioned("old", "e.10"), versioned("last", "e.11"));
  expect(await getJson("/api/v1/pools", Thing)).toEqual({ name: "last" });
});

test.each(["/api/v1/pods?limit=200", "/api/v1/pools/a/holds", "/api/v1/poolsides"])(
  "an answer of %s, of which the stream brings nothing, is taken as it is",
  async (path) => {
    seenVersions.stream = "e.12";
    answerWith(versioned("old", "e.9"));
    expect(await getJson(path, Thing)).toEqual({ name: "old" });
  },
);

test.each([
  ["e.9", "e.12", true],
  ["e.12", "e.12", false],
  ["e.13", "e.12", false],
  ["f.1", "e.12", false],
  ["nonsense", "e.12", false],
])("%s is older than %s: %s", (a, b, older) => expect(isOlder(a, b)).toBe(older));

test("parameters that are not there are left out", () => {
  expect(query({ q: "a b&c", limit: 5, pool: undefined, node: null, sort: "" })).toBe("?q=a+b%26c&limit=5");
  expect(query({})).toBe("");
});

test("the answer to a write is known by the id of its request", async () => {
  answerWith(
    Response.json({ name: "a" }, { headers: { "x-request-id": "7" } }),
    Response.json({ name: "a" }),
  );
  expect(requestIdOf(await sendJson("PATCH", "/thing", {}, Thing))).toBe("7");
  expect(requestIdOf(await sendJson("PATCH", "/thing", {}, Thing))).toBeNull();
});
