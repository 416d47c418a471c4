import { expect, test } from "vitest";
import { apiGroups, groupResources, serverVersion } from "./discovery.ts";
import { connect, startServer } from "./testing/fixtures.ts";

async function setUp() {
  const server = await startServer();
  return { server, connection: await connect(server) };
}

test("serverVersion", async () => {
  const { connection } = await setUp();
  expect(await serverVersion(connection)).toBe("v1.36.3");
});

test("apiGroups: the preferred version first, odd entries left out", async () => {
  const { server, connection } = await setUp();
  const answer = apiGroups(connection);
  const exchange = await server.next();
  expect(exchange.path).toBe("/apis");
  exchange.json({
    kind: "APIGroupList",
    groups: [
      {
        name: "apps",
        versions: [{ version: "v1beta1" }, { version: "v1" }],
        preferredVersion: { version: "v1" },
      },
      { name: "projectcalico.org", versions: [{ version: "v3" }, null], preferredVersion: null },
      null,
      { name: 7 },
    ],
  });
  expect(await answer).toEqual(
    new Map([
      ["apps", ["v1", "v1beta1"]],
      ["projectcalico.org", ["v3"]],
    ]),
  );
});

test("groupResources: without subresources; null for a group that is not served", async () => {
  const { server, connection } = await setUp();
  const answer = groupResources(connection, "crd.projectcalico.org", "v1");
  const exchange = await server.next();
  expect(exchange.path).toBe("/apis/crd.projectcalico.org/v1");
  exchange.json({
    kind: "APIResourceList",
    resources: [
      { name: "ippools", kind: "IPPool", namespaced: false, verbs: ["get", "list", 7] },
      { name: "ippools/status", kind: "IPPool", namespaced: false, verbs: ["get"] },
      { name: "networkpolicies", kind: "NetworkPolicy", namespaced: true },
      null,
    ],
  });
  const group = { group: "crd.projectcalico.org", version: "v1" };
  expect(await answer).toEqual([
    { ...group, plural: "ippools", kind: "IPPool", namespaced: false, verbs: ["get", "list"] },
    { ...group, plural: "networkpolicies", kind: "NetworkPolicy", namespaced: true, verbs: [] },
  ]);

  const missing = groupResources(connection, "", "v1");
  const core = await server.next();
  expect(core.path).toBe("/api/v1");
  core.send(404, "404 page not found", { "content-type": "text/plain" });
  expect(await missing).toBeNull();
});
