import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { isObject, type JsonObject, listAt, objectAt, textAt } from "../store/json.ts";
import type { User } from "./access.ts";
import { deployment, ipPool, pod, TestCluster } from "./testing.ts";

const pools = "/apis/crd.projectcalico.org/v1/ippools";

describe("what a client finds out first", () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(() => cluster.server.close());

  test("version, health, groups and resources", async () => {
    expect((await cluster.get("/version")).body).toMatchObject({ gitVersion: "v1.36.3" });
    for (const path of ["/healthz", "/livez", "/readyz", "/readyz/etcd"]) {
      expect((await cluster.get(path)).body).toEqual({ text: "ok" });
    }
    expect((await cluster.get("/api")).body).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
    const groups = listAt((await cluster.get("/apis")).body, "groups").filter(isObject);
    expect(groups.map((group) => group["name"])).toContain("crd.projectcalico.org");
    const calico = listAt((await cluster.get("/apis/crd.projectcalico.org/v1")).body, "resources").filter(
      isObject,
    );
    expect(calico.map((one) => one["name"]).filter((name) => !String(name).includes("/"))).toEqual([
      "bgpconfigurations",
      "blockaffinities",
      "clusterinformations",
      "felixconfigurations",
      "ipamblocks",
      "ipamconfigs",
      "ipamhandles",
      "ippools",
      "ipreservations",
      "kubecontrollersconfigurations",
    ]);
  });

  test("aggregated discovery for those who prefer it", async () => {
    const accept =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
    const answer = await cluster.get("/apis", { Accept: accept });
    expect(answer.headers.get("content-type")).toBe(
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
    );
    const apps = listAt(answer.body, "items")
      .filter(isObject)
      .find((item) => objectAt(item, "metadata")["name"] === "apps");
    const [version] = listAt(apps, "versions").filter(isObject);
    const found = listAt(version, "resources")
      .filter(isObject)
      .find((one) => one["resource"] === "deployments");
    expect(found).toMatchObject({
      responseKind: { group: "apps", version: "v1", kind: "Deployment" },
      scope: "Namespaced",
      shortNames: ["deploy"],
      subresources: [{ subresource: "status" }, { subresource: "scale", responseKind: { kind: "Scale" } }],
    });
  });

  test("OpenAPI names every field's description and the query parameters kubectl looks for", async () => {
    const index = objectAt((await cluster.get("/openapi/v3")).body, "paths");
    expect(Object.keys(index)).toContain("apis/crd.projectcalico.org/v1");
    const { body } = await cluster.get(
      textAt(objectAt(index, "apis/crd.projectcalico.org/v1"), "serverRelativeURL"),
    );
    const schema = objectAt(
      objectAt(objectAt(body, "components"), "schemas"),
      "org.projectcalico.crd.v1.IPPool",
    );
    expect(schema).toMatchObject({
      "x-kubernetes-group-version-kind": [{ group: "crd.projectcalico.org", version: "v1", kind: "IPPool" }],
    });
    const fields = objectAt(objectAt(objectAt(schema, "properties"), "spec"), "properties");
    for (const field of Object.values(fields))
      expect(isObject(field) && textAt(field, "description")).toMatch(/\w/);
    const patch = objectAt(objectAt(objectAt(body, "paths"), `${pools}/{name}`), "patch");
    expect(
      listAt(patch, "parameters")
        .filter(isObject)
        .map((one) => one["name"]),
    ).toEqual(expect.arrayContaining(["dryRun", "fieldValidation", "fieldManager"]));
    expect((await cluster.get("/openapi/v2")).body).toMatchObject({ swagger: "2.0" });
    expect(await cluster.get("/openapi/v3/apis/nosuch/v1")).toMatchObject({ status: 404 });
  });

  test("a definition brings its kind, printer columns and all, and takes it away again", async () => {
    const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    const widgets = "/apis/example.com/v1/namespaces/default/widgets";
    const made = await cluster.post(definitions, {
      metadata: { name: "widgets.example.com" },
      spec: {
        group: "example.com",
        scope: "Namespaced",
        names: { kind: "Widget", plural: "widgets", shortNames: ["wd"] },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: "object",
                properties: {
                  spec: { type: "object", properties: { size: { type: "integer", default: 3 } } },
                },
              },
            },
            subresources: { status: {} },
            additionalPrinterColumns: [{ name: "Size", type: "integer", jsonPath: ".spec.size" }],
          },
        ],
      },
    });
    expect(made.body).toMatchObject({
      status: {
        conditions: [{ type: "NamesAccepted" }, { type: "Established", status: "True" }],
        storedVersions: ["v1"],
      },
    });
    const widget = {
      apiVersion: "example.com/v1",
      kind: "Widget",
      metadata: { name: "w" },
      spec: {},
      status: { a: 1 },
    };
    expect((await cluster.post(widgets, widget)).body).toMatchObject({ spec: { size: 3 } });
    const table = await cluster.get(widgets, { Accept: "application/json;as=Table;v=v1;g=meta.k8s.io" });
    expect(table.body).toMatchObject({
      columnDefinitions: [{ name: "Name" }, { name: "Size", type: "integer" }],
      rows: [{ cells: ["w", 3], object: { kind: "PartialObjectMetadata" } }],
    });
    await cluster.remove(`${definitions}/widgets.example.com`);
    expect(await cluster.get(widgets)).toMatchObject({ status: 404 });
    expect(cluster.server.store.collection("widgets.example.com").size).toBe(0);
  });

  test("the metadata alone", async () => {
    await cluster.post(pools, ipPool("meta", { cidr: "10.9.0.0/16" }));
    const accept = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
    const { body } = await cluster.get(pools, { Accept: accept });
    expect(body).toMatchObject({
      kind: "PartialObjectMetadataList",
      apiVersion: "meta.k8s.io/v1",
      items: [{ kind: "PartialObjectMetadata", metadata: { name: "meta" } }],
    });
    expect(JSON.stringify(body)).not.toContain("10.9.0.0");
  });
});

describe("subresources", () => {
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
    expect(
      await cluster.post(`${accounts}/default/token`, { spec: { expirationSeconds: 10 } }),
    ).toMatchObject({ status: 422 });
  });
});

describe("permission", () => {
  let cluster: TestCluster;
  const reader: User = { name: "reader", groups: ["system:authenticated"] };
  beforeAll(async () => {
    cluster = await TestCluster.start({
      tokens: { secret: reader },
      policy: (user, access) =>
        user.name !== "reader" ||
        (["get", "list", "watch"].includes(access.verb) && access.resource !== "pods"),
    });
    await cluster.post(pools, ipPool("p", { cidr: "10.0.0.0/16" }));
  });
  afterAll(() => cluster.server.close());
  const as = { Authorization: "Bearer secret" };

  test.each<[string, string, string]>([
    [
      "GET",
      "/api/v1/pods",
      'pods is forbidden: User "reader" cannot list resource "pods" in API group "" at the cluster scope',
    ],
    [
      "GET",
      "/api/v1/namespaces/default/pods?watch=true",
      'pods is forbidden: User "reader" cannot watch resource "pods" in API group "" in the namespace "default"',
    ],
    [
      "GET",
      "/api/v1/namespaces/default/pods/a",
      'pods "a" is forbidden: User "reader" cannot get resource "pods" in API group "" in the namespace "default"',
    ],
    [
      "DELETE",
      `${pools}/p`,
      'ippools.crd.projectcalico.org "p" is forbidden: User "reader" cannot delete resource "ippools" in API group "crd.projectcalico.org" at the cluster scope',
    ],
    [
      "POST",
      pools,
      'ippools.crd.projectcalico.org is forbidden: User "reader" cannot create resource "ippools" in API group "crd.projectcalico.org" at the cluster scope',
    ],
    [
      "PATCH",
      "/api/v1/namespaces/default/pods/a/status",
      'pods "a" is forbidden: User "reader" cannot patch resource "pods/status" in API group "" in the namespace "default"',
    ],
  ])("%s %s", async (method, path, message) => {
    const answer = await cluster.call(method, path, method === "GET" ? undefined : {}, as);
    expect(answer).toMatchObject({ status: 403, body: { reason: "Forbidden", message, code: 403 } });
  });

  test("what is allowed, and everybody else", async () => {
    expect(await cluster.get(pools, as)).toMatchObject({ status: 200 });
    expect(await cluster.get("/api/v1/pods")).toMatchObject({ status: 200 });
    expect(await cluster.get("/api/v1/pods", { "Impersonate-User": "reader" })).toMatchObject({
      status: 403,
    });
  });

  test("access reviews answer as the requests themselves would be", async () => {
    const ask = async (resource: string, verb: string): Promise<unknown> => {
      const spec = { resourceAttributes: { resource, verb, namespace: "default" } };
      const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
      return objectAt((await cluster.call("POST", path, { spec }, as)).body, "status")["allowed"];
    };
    expect(await ask("pods", "list")).toBe(false);
    expect(await ask("nodes", "list")).toBe(true);
    const subject = { user: "reader", resourceAttributes: { resource: "pods", verb: "list" } };
    const review = await cluster.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
      spec: subject,
    });
    expect(review).toMatchObject({ status: 201, body: { status: { allowed: false } } });
  });
});

describe("faults", () => {
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
});

describe("loading and keeping", () => {
  test("seeded objects are there as they are, with an identity", async () => {
    const cluster = await TestCluster.start();
    const odd: JsonObject = { ...ipPool("odd", { cidr: "nonsense", surprise: true }) };
    cluster.server.seed([
      odd,
      pod("p"),
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "seeded" } },
    ]);
    expect((await cluster.get(`${pools}/odd`)).body).toMatchObject({
      spec: { cidr: "nonsense", surprise: true },
    });
    await vi.waitFor(async () =>
      expect(await cluster.get("/api/v1/namespaces/seeded/serviceaccounts/default")).toMatchObject({
        status: 200,
      }),
    );
    expect(() => cluster.server.seed([{ apiVersion: "v9", kind: "Ghost", metadata: { name: "x" } }])).toThrow(
      "v9 Ghost is not served",
    );
    await cluster.server.close();
  });

  test("no Calico at all", async () => {
    const cluster = await TestCluster.start({ calicoVersion: null });
    expect(await cluster.get("/apis/crd.projectcalico.org/v1")).toMatchObject({ status: 404 });
    await cluster.server.close();
    await expect(TestCluster.start({ calicoVersion: "latest" })).rejects.toThrow(RangeError);
  });

  test("killed without warning, a cluster comes back as it was told to clients", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cluster-"));
    const data = path.join(folder, "data");
    const program = `
      import { startApiServer } from ${JSON.stringify(path.join(import.meta.dirname, "server.ts"))};
      console.log((await startApiServer({ data: ${JSON.stringify(data)} })).url);`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const url = await new Promise<string>((resolve) => {
      child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    });
    const told: unknown[] = [];
    for (let index = 0; index < 50; index++) {
      const response = await fetch(url + pools, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(ipPool(`p${index}`, { cidr: `10.${index}.0.0/16` })),
      });
      told.push(await response.json());
    }
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
    const cluster = await TestCluster.start({ data });
    expect(cluster.server.restored).toBe(true);
    const found = listAt((await cluster.get(pools)).body, "items");
    expect(found).toHaveLength(50);
    expect(found).toEqual(expect.arrayContaining(told));
    await cluster.server.close();
    fs.rmSync(folder, { recursive: true });
  });
});
