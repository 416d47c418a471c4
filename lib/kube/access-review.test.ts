import { expect, test } from "vitest";
import { AccessReviewer } from "./access-review.ts";
import { InvalidNameError } from "./errors.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import type { Exchange } from "./testing/fault-server.ts";
import { connect, namespaces, pods, startServer } from "./testing/fixtures.ts";

async function setUp() {
  const clock = new FakeClock();
  const server = await startServer();
  return { clock, server, reviewer: new AccessReviewer(await connect(server, { clock })) };
}

const patchNamespaces = { verb: "patch", resource: namespaces } as const;
const allow = (exchange: Exchange) =>
  exchange.json({ kind: "SelfSubjectAccessReview", status: { allowed: true } });

test("asks with the exact verb, resource and name; one question for all that wait", async () => {
  const { server, reviewer } = await setUp();
  const question = {
    verb: "delete",
    resource: pods,
    namespace: "default",
    name: "p",
    subresource: "status",
  } as const;
  const answers = [reviewer.ask(question), reviewer.ask(question), reviewer.ask({ ...question })];
  const exchange = await server.next();
  expect(exchange).toMatchObject({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
  });
  expect(JSON.parse(exchange.body)).toEqual({
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: {
      resourceAttributes: {
        verb: "delete",
        group: "",
        resource: "pods",
        subresource: "status",
        namespace: "default",
        name: "p",
      },
    },
  });
  allow(exchange);
  expect(await Promise.all(answers)).toEqual(
    [1, 2, 3].map(() => ({ allowed: true, known: true, reason: null })),
  );
  expect(server.untaken).toBe(0);
});

test("remembers a yes for 60 s and a no for 10 s", async () => {
  const { clock, server, reviewer } = await setUp();
  const first = reviewer.ask(patchNamespaces);
  allow(await server.next());
  await first;
  clock.advance(59_999);
  expect((await reviewer.ask(patchNamespaces)).allowed).toBe(true);
  clock.advance(1);
  const second = reviewer.ask(patchNamespaces);
  (await server.next()).json({ status: { allowed: false, known: true, reason: "no role" } });
  expect(await second).toEqual({ allowed: false, known: true, reason: "no role" });
  clock.advance(9_999);
  expect((await reviewer.ask(patchNamespaces)).allowed).toBe(false);
  clock.advance(1);
  const third = reviewer.ask(patchNamespaces);
  allow(await server.next());
  expect((await third).allowed).toBe(true);
});

test.each<[string, (exchange: Exchange) => void]>([
  ["an error", (exchange) => exchange.refuse(500, "InternalError")],
  ["a cut connection", (exchange) => exchange.destroy()],
  ["HTML", (exchange) => exchange.send(200, "<html>", { "content-type": "text/html" })],
  ["no status", (exchange) => exchange.json({})],
  ["yes as a text", (exchange) => exchange.json({ status: { allowed: "true" } })],
  ["yes and no", (exchange) => exchange.json({ status: { allowed: true, denied: true } })],
])("%s is a no", async (_name, fault) => {
  const { server, reviewer } = await setUp();
  const answer = reviewer.ask(patchNamespaces);
  fault(await server.next());
  expect((await answer).allowed).toBe(false);
});

test("remembers for a second only that nobody answered", async () => {
  const { clock, server, reviewer } = await setUp();
  const first = reviewer.ask(patchNamespaces);
  (await server.next()).destroy();
  expect((await first).known).toBe(false);
  clock.advance(999);
  expect((await reviewer.ask(patchNamespaces)).known).toBe(false);
  clock.advance(1);
  const second = reviewer.ask(patchNamespaces);
  allow(await server.next());
  expect((await second).allowed).toBe(true);
});

test("waits three seconds at most", async () => {
  const { clock, server, reviewer } = await setUp();
  const answer = reviewer.ask(patchNamespaces);
  await server.next();
  clock.advance(3_000);
  expect(await answer).toEqual({
    allowed: false,
    known: false,
    reason: "permission could not be checked: the API server sent no complete answer within 3 s",
  });
});

test("names that no object can have are not asked about", async () => {
  const { server, reviewer } = await setUp();
  await expect(reviewer.ask({ ...patchNamespaces, name: ".." })).rejects.toThrow(InvalidNameError);
  await expect(reviewer.ask({ verb: "list", resource: pods, namespace: "a/b" })).rejects.toThrow(
    InvalidNameError,
  );
  expect(server.connections).toBe(0);
});
