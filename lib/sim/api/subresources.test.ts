import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { objectAt, textAt } from "../store/json.ts";
import { deployment, pod, TestCluster } from "./testing.ts";

let cluster: TestCluster;
const pods = "/api/v1/namespaces/default/pods";
beforeAll(async () => {
  cluster = await TestCluster.start();
});
afterAll(() => cluster.server.close());

test("scale reads and writes the number of replicas", async () => {
  const deployments = "/apis/apps/v1/namespaces/default/deployments";
  await cluster.post(deployments, deployment("web", 2));
  expect((await cluster.get(`${deployments}/web/scale`)).body).toMatchObject({
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    spec: { replicas: 2 },
    status: { replicas: 0, selector: "app=web" },
  });
  expect(await cluster.patch(`${deployments}/web/scale`, { spec: { replicas: 5 } })).toMatchObject({
    body: { spec: { replicas: 5 } },
  });
  const { body } = await cluster.get(`${deployments}/web/scale`);
  objectAt(body, "spec")["replicas"] = 0;
  expect(await cluster.put(`${deployments}/web/scale`, body)).toMatchObject({ status: 200 });
  expect((await cluster.get(`${deployments}/web`)).body).toMatchObject({ spec: { replicas: 0 } });
  expect(await cluster.put(`${deployments}/web/scale`, body)).toMatchObject({ status: 409 });
  expect(await cluster.patch(`${deployments}/web/scale`, { spec: { replicas: -1 } })).toMatchObject({
    status: 422,
  });
});

test("a binding sets the node once", async () => {
  await cluster.post(pods, pod("a"));
  const binding = {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name: "a" },
    target: { kind: "Node", name: "n1" },
  };
  expect(await cluster.post(`${pods}/a/binding`, binding)).toMatchObject({
    status: 201,
    body: { status: "Success" },
  });
  expect((await cluster.get(`${pods}/a`)).body).toMatchObject({
    spec: { nodeName: "n1" },
    status: { conditions: [{ type: "PodScheduled", status: "True" }] },
  });
  expect(await cluster.post(`${pods}/a/binding`, binding)).toMatchObject({
    status: 409,
    body: { message: 'Operation cannot be fulfilled on pods "a": pod a is already assigned to node "n1"' },
  });
});

test("an eviction is a deletion; logs and exec say that nothing runs", async () => {
  await cluster.post(pods, pod("b", { nodeName: "n1" }));
  expect(await cluster.get(`${pods}/b/log`)).toMatchObject({ status: 400, body: { message: /./ } });
  expect(textAt((await cluster.get(`${pods}/b/log`)).body, "message")).toContain(
    "nothing runs in this cluster",
  );
  expect(await cluster.post(`${pods}/b/exec`, {})).toMatchObject({ status: 501 });
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "b" } };
  expect(await cluster.post(`${pods}/b/eviction`, eviction)).toMatchObject({ status: 201 });
  expect(objectAt((await cluster.get(`${pods}/b`)).body, "metadata")).toHaveProperty("deletionTimestamp");
  expect(await cluster.get(`${pods}/b/nosuch`)).toMatchObject({ status: 404 });
});

test("a token of a service account is its identity", async () => {
  const accounts = "/api/v1/namespaces/default/serviceaccounts";
  await vi.waitFor(async () =>
    expect(await cluster.get(`${accounts}/default`)).toMatchObject({ status: 200 }),
  );
  const { body } = await cluster.post(`${accounts}/default/token`, { spec: { expirationSeconds: 600 } });
  const headers = { Authorization: `Bearer ${textAt(objectAt(body, "status"), "token")}` };
  const who = await cluster.call("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {}, headers);
  expect(who.body).toMatchObject({
    status: { userInfo: { username: "system:serviceaccount:default:default" } },
  });
  expect(await cluster.get("/api/v1/pods", { Authorization: "Bearer nobody" })).toMatchObject({
    status: 401,
    body: { reason: "Unauthorized", message: "Unauthorized" },
  });
  expect(await cluster.post(`${accounts}/default/token`, { spec: { expirationSeconds: 10 } })).toMatchObject({
    status: 422,
  });
});
