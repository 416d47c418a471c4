import { expect, test } from "vitest";
import { ipPool, TestCluster } from "./testing.ts";

const pools = "/apis/crd.projectcalico.org/v1/ippools";

test("statuses, retries and delays by verb and resource, as often as asked", async () => {
  const cluster = await TestCluster.start({ faultEndpoint: true });
  const { faults } = cluster.server;
  faults.add({ verb: "list", resource: "pods", code: 429, retryAfter: 7, times: 2 });
  expect(await cluster.get("/api/v1/nodes")).toMatchObject({ status: 200 });
  const limited = await cluster.get("/api/v1/pods");
  expect(limited).toMatchObject({
    status: 429,
    body: { reason: "TooManyRequests", details: { retryAfterSeconds: 7 } },
  });
  expect(limited.headers.get("retry-after")).toBe("7");
  expect((await cluster.get("/api/v1/pods")).status).toBe(429);
  expect((await cluster.get("/api/v1/pods")).status).toBe(200);

  await cluster.post("/faults", { verb: "create", code: 500 });
  expect((await cluster.post(pools, ipPool("p", { cidr: "10.0.0.0/16" }))).status).toBe(500);
  expect((await cluster.get("/faults")).body).toMatchObject({ faults: [{ verb: "create", code: 500 }] });
  expect(await cluster.post("/faults", { verb: "sing" })).toMatchObject({ status: 400 });
  await cluster.remove("/faults");
  expect((await cluster.post(pools, ipPool("p", { cidr: "10.0.0.0/16" }))).status).toBe(201);
  await cluster.server.close();
});

test("a connection that is reset, one that never answers, one that is refused", async () => {
  const cluster = await TestCluster.start();
  const { faults } = cluster.server;
  faults.add({ kind: "reset", resource: "pods", times: 1 });
  await expect(cluster.get("/api/v1/pods")).rejects.toThrow();
  faults.add({ kind: "half-open", resource: "pods", times: 1 });
  const abort = new AbortController();
  const silent = fetch(`${cluster.server.url}/api/v1/pods`, { signal: abort.signal });
  expect(await Promise.race([silent, cluster.get("/api/v1/nodes").then(() => "nodes first")])).toBe(
    "nodes first",
  );
  abort.abort();
  await expect(silent).rejects.toThrow();
  await cluster.server.refuseConnections();
  await expect(cluster.get("/api/v1/pods")).rejects.toThrow();
  await cluster.server.acceptConnections();
  expect((await cluster.get("/api/v1/pods")).status).toBe(200);
  await cluster.server.close();
});

test("a clock that is wrong", async () => {
  const clock = Date.parse("2026-01-01T00:00:00Z");
  const cluster = await TestCluster.start({ clock: () => clock });
  cluster.server.faults.clockSkew = 3_600_000;
  expect(await cluster.post(pools, ipPool("p", { cidr: "10.0.0.0/16" }))).toMatchObject({
    body: { metadata: { creationTimestamp: "2026-01-01T01:00:00Z" } },
  });
  await cluster.server.close();
});

test("nobody can switch faults where it was not asked for", async () => {
  const cluster = await TestCluster.start();
  expect(await cluster.get("/faults")).toMatchObject({ status: 404 });
  await cluster.server.close();
});
