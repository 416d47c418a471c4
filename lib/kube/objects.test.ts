import { describe, expect, test } from "vitest";
import { UnreachableError } from "./errors.ts";
import {
  createObject,
  getObject,
  listAll,
  listPages,
  mergePatch,
  removeObject,
  replaceObject,
} from "./objects.ts";
import type { ResourceRef } from "./paths.ts";
import { until } from "./testing/fake-clock.ts";
import { connect, pod, podList, pods, startServer } from "./testing/fixtures.ts";

const pools: ResourceRef = {
  group: "crd.projectcalico.org",
  version: "v1",
  plural: "ippools",
  namespaced: false,
};
const poolsPath = "/apis/crd.projectcalico.org/v1/ippools";

async function setUp() {
  const server = await startServer();
  return { server, connection: await connect(server) };
}

describe("writes", () => {
  test("create, as Poolboard and strictly unless said", async () => {
    const { server, connection } = await setUp();
    const answer = createObject(connection, { resource: pools }, { kind: "IPPool" });
    const exchange = await server.next();
    expect(exchange).toMatchObject({ method: "POST", path: poolsPath, body: '{"kind":"IPPool"}' });
    expect(Object.fromEntries(exchange.query)).toEqual({
      fieldManager: "poolboard",
      fieldValidation: "Strict",
    });
    exchange.json({ kind: "IPPool", stored: true }, 201);
    expect(await answer).toEqual({ kind: "IPPool", stored: true });
  });

  test("create a subresource, as somebody else", async () => {
    const { server, connection } = await setUp();
    const ref = { resource: pods, namespace: "default", name: "p", subresource: "binding" };
    const answer = createObject(
      connection,
      ref,
      {},
      { fieldManager: "scheduler", fieldValidation: "Ignore" },
    );
    const exchange = await server.next();
    expect(exchange.path).toBe("/api/v1/namespaces/default/pods/p/binding");
    expect(Object.fromEntries(exchange.query)).toEqual({
      fieldManager: "scheduler",
      fieldValidation: "Ignore",
    });
    exchange.json({ kind: "Status", status: "Success" }, 201);
    await answer;
  });

  test("merge patch, tried out only", async () => {
    const { server, connection } = await setUp();
    const patch = { metadata: { resourceVersion: "7" }, spec: { disabled: true } };
    const answer = mergePatch(connection, { resource: pools, name: "a" }, patch, { dryRun: true });
    const exchange = await server.next();
    expect(exchange).toMatchObject({ method: "PATCH", path: `${poolsPath}/a`, body: JSON.stringify(patch) });
    expect(exchange.headers["content-type"]).toBe("application/merge-patch+json");
    expect(exchange.query.get("dryRun")).toBe("All");
    exchange.refuse(409, "Conflict");
    await expect(answer).rejects.toMatchObject({ status: 409, reason: "Conflict", message: "Conflict!" });
  });

  test("replace through a lossless codec, both ways", async () => {
    const { server, connection } = await setUp();
    const codec = {
      parse: (text: string) => ({ text }),
      stringify: (value: unknown) => `{"sequenceNumber":${String(value)}}`,
    };
    const answer = replaceObject(connection, { resource: pools, name: "a" }, 1805678901234567890n, { codec });
    const exchange = await server.next();
    expect(exchange).toMatchObject({ method: "PUT", body: '{"sequenceNumber":1805678901234567890}' });
    exchange.send(200, '{"sequenceNumber":1805678901234567891}');
    expect(await answer).toEqual({ text: '{"sequenceNumber":1805678901234567891}' });
  });

  test("delete with preconditions, propagation and grace", async () => {
    const { server, connection } = await setUp();
    const answer = removeObject(
      connection,
      { resource: pods, namespace: "default", name: "p" },
      { uid: "u", resourceVersion: "7", propagation: "Background", gracePeriodSeconds: 0, dryRun: true },
    );
    const exchange = await server.next();
    expect(exchange).toMatchObject({ method: "DELETE", path: "/api/v1/namespaces/default/pods/p" });
    expect(JSON.parse(exchange.body)).toEqual({
      kind: "DeleteOptions",
      apiVersion: "v1",
      preconditions: { uid: "u", resourceVersion: "7" },
      propagationPolicy: "Background",
      gracePeriodSeconds: 0,
      dryRun: ["All"],
    });
    exchange.json({ kind: "Status", status: "Success" });
    await answer;
  });

  test("delete without any", async () => {
    const { server, connection } = await setUp();
    const answer = removeObject(connection, { resource: pools, name: "a" });
    const exchange = await server.next();
    expect(JSON.parse(exchange.body)).toEqual({ kind: "DeleteOptions", apiVersion: "v1" });
    exchange.json({});
    await answer;
  });
});

describe("reads", () => {
  test("get", async () => {
    const { server, connection } = await setUp();
    const answer = getObject(connection, { resource: pods, namespace: "constructor", name: "p" });
    const exchange = await server.next();
    expect(exchange).toMatchObject({
      method: "GET",
      path: "/api/v1/namespaces/constructor/pods/p",
      body: "",
    });
    exchange.json(pod("p", 1));
    expect(await answer).toEqual(pod("p", 1));
  });

  test("listAll follows the pages with the selectors, and answers the first page's version", async () => {
    const { server, connection } = await setUp();
    const answer = listAll(connection, pods, {
      namespace: "default",
      labelSelector: "app=x",
      fieldSelector: "spec.nodeName=n1",
      pageSize: 1,
    });
    const first = await server.next();
    expect(Object.fromEntries(first.query)).toEqual({
      labelSelector: "app=x",
      fieldSelector: "spec.nodeName=n1",
      limit: "1",
    });
    first.json(podList([pod("a", 1)], 10, { continue: "c=&1" }));
    const second = await server.next();
    expect(second.query.get("continue")).toBe("c=&1");
    second.json(podList([pod("b", 2)], 12));
    expect(await answer).toEqual({ items: [pod("a", 1), pod("b", 2)], resourceVersion: "10" });
  });

  test("ahead: the next page is asked for while one is worked on, and let go of when nobody goes on", async () => {
    const { server, connection } = await setUp();
    const pages = listPages(connection, pods, { ahead: true });
    const first = pages.next();
    (await server.next()).json(podList([pod("a", 1)], 10, { continue: "p2" }));
    expect((await first).value).toMatchObject({ items: [pod("a", 1)] });
    // Nobody has asked for it yet.
    const second = await server.next();
    expect(second.query.get("continue")).toBe("p2");
    await pages.return();
    await until(() => second.closed);
  });

  test.each([
    ["expired, by starting again", 410, { items: [pod("a", 1)], restarted: true }],
    ["refused, where it is waited for", 403, null],
  ] as const)("ahead: a page that is %s", async (_name, status, then) => {
    const { server, connection } = await setUp();
    const pages = listPages(connection, pods, { ahead: true });
    const first = pages.next();
    (await server.next()).json(podList([pod("a", 1)], 10, { continue: "p2" }));
    await first;
    (await server.next()).refuse(status, "No");
    const second = pages.next();
    if (then === null) return expect(second).rejects.toMatchObject({ status });
    const again = await server.next();
    expect(again.query.get("continue")).toBeNull();
    again.json(podList([pod("a", 1)], 11));
    expect((await second).value).toMatchObject(then);
  });

  test("a continue token that comes back is no progress", async () => {
    const { server, connection } = await setUp();
    const answer = listAll(connection, pods);
    for (let i = 0; i < 2; i += 1)
      (await server.next()).json(podList([pod("a", 1)], 10, { continue: "same" }));
    await expect(answer).rejects.toThrow(UnreachableError);
  });

  test("410 on the first page is not ours to mend", async () => {
    const { server, connection } = await setUp();
    const answer = listAll(connection, pods);
    (await server.next()).refuse(410, "Expired");
    await expect(answer).rejects.toMatchObject({ status: 410 });
  });
});
