import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { convertUid } from "../../calico/names.ts";
import { TestCluster } from "../api/testing.ts";
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "../store/json.ts";

const v3 = "/apis/projectcalico.org/v3";
const v1 = "/apis/crd.projectcalico.org/v1";

const pool = (name: string, cidr: string, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: "projectcalico.org/v3",
  kind: "IPPool",
  metadata: { name, ...metadata },
  spec: { cidr },
});

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await TestCluster.start({ apiMode: "aggregated-v3", faultEndpoint: true });
});
afterEach(() => cluster.server.close());

const names = (body: JsonObject): string[] =>
  listAt(body, "items")
    .filter(isObject)
    .map((item) => textAt(objectAt(item, "metadata"), "name"));

describe("discovery", () => {
  test("both groups; this one has neither blocks nor handles, and cluster information is read only", async () => {
    const groups = listAt((await cluster.get("/apis")).body, "groups")
      .filter(isObject)
      .map(({ name }) => name);
    expect(groups).toEqual(expect.arrayContaining(["crd.projectcalico.org", "projectcalico.org"]));
    const found = listAt((await cluster.get(v3)).body, "resources").filter(isObject);
    const verbs = Object.fromEntries(found.map(({ name, verbs: all }) => [String(name), all]));
    expect(Object.keys(verbs)).toEqual([
      "bgpconfigurations",
      "blockaffinities",
      "clusterinformations",
      "felixconfigurations",
      "ipamconfigurations",
      "ippools",
      "ipreservations",
      "kubecontrollersconfigurations",
      "kubecontrollersconfigurations/status",
    ]);
    expect(verbs["clusterinformations"]).toEqual(["get", "list", "watch"]);
    for (const plural of ["ipamblocks", "ipamhandles"])
      expect((await cluster.get(`${v3}/${plural}`)).status).toBe(404);
  });

  test.each<[string, string, Json?]>([
    ["POST", `${v3}/clusterinformations`, { metadata: { name: "default" } }],
    ["PUT", `${v3}/clusterinformations/default`, { metadata: { name: "default" } }],
    ["DELETE", `${v3}/clusterinformations/default`],
  ])("%s %s: 405", async (method, path, body) => {
    cluster.server.seed([information]);
    expect(await cluster.call(method, path, body)).toMatchObject({
      status: 405,
      body: { reason: "MethodNotAllowed" },
    });
    expect((await cluster.get(`${v3}/clusterinformations/default`)).body).toMatchObject({
      kind: "ClusterInformation",
      spec: { datastoreReady: true },
    });
  });

  test("the APIService says who answers, and that it does", async () => {
    expect(
      (await cluster.get(`/apis/apiregistration.k8s.io/v1/apiservices/v3.projectcalico.org`)).body,
    ).toMatchObject({
      spec: { group: "projectcalico.org", version: "v3", service: { namespace: "calico-system" } },
      status: { conditions: [{ type: "Available", status: "True" }] },
    });
  });
});

const information = {
  apiVersion: "crd.projectcalico.org/v1",
  kind: "ClusterInformation",
  metadata: { name: "default" },
  spec: { datastoreReady: true },
};

describe("what is stored", () => {
  test("labels and annotations go into one annotation, but for those that others look for", async () => {
    const made = await cluster.post(
      `${v3}/ippools`,
      pool("a", "FD00:AB::/64", {
        labels: { team: "edge", "operator.tigera.io/x": "1" },
        annotations: { note: "n" },
      }),
    );
    expect(made).toMatchObject({
      status: 201,
      body: {
        apiVersion: "projectcalico.org/v3",
        metadata: { labels: { team: "edge" }, annotations: { note: "n" } },
        spec: {
          cidr: "fd00:ab::/64",
          blockSize: 122,
          allowedUses: ["Workload", "Tunnel"],
          ipipMode: "Never",
          nodeSelector: "all()",
        },
      },
    });
    const stored = (await cluster.get(`${v1}/ippools/a`)).body;
    const metadata = objectAt(stored, "metadata");
    expect(metadata["labels"]).toEqual({ "operator.tigera.io/x": "1" });
    expect(Object.keys(objectAt(metadata, "annotations"))).toEqual(["projectcalico.org/metadata"]);
    const hidden: unknown = JSON.parse(
      textAt(objectAt(metadata, "annotations"), "projectcalico.org/metadata"),
    );
    expect(hidden).toEqual({
      labels: { team: "edge", "operator.tigera.io/x": "1" },
      annotations: { note: "n" },
      creationTimestamp: metadata["creationTimestamp"],
    });
    const shown = objectAt(made.body, "metadata");
    expect(shown["uid"]).toBe(convertUid(textAt(metadata, "uid")));
    expect(shown["uid"]).not.toBe(metadata["uid"]);
    expect(shown["resourceVersion"]).toBe(metadata["resourceVersion"]);
  });

  test("an object of the CRD is seen here under its own metadata, with the defaults of Calico's client", async () => {
    const raw = { apiVersion: "crd.projectcalico.org/v1", kind: "IPPool", metadata: { name: "raw" } };
    const made = await cluster.post(`${v1}/ippools`, { ...raw, spec: { cidr: "10.1.0.0/16" } });
    expect((await cluster.get(`${v3}/ippools/raw`)).body).toMatchObject({
      metadata: { uid: textAt(objectAt(made.body, "metadata"), "uid") },
      spec: { cidr: "10.1.0.0/16", blockSize: 26, vxlanMode: "Never", nodeSelector: "all()" },
    });
    expect((await cluster.get(`${v1}/ippools/raw`)).body["spec"]).not.toHaveProperty("blockSize");
  });

  test("the settings of IPAM and the claims of nodes have other names and types there", async () => {
    const config = { kind: "IPAMConfiguration", metadata: { name: "default" } };
    const spec = { strictAffinity: true, autoAllocateBlocks: true };
    expect((await cluster.post(`${v3}/ipamconfigurations`, { ...config, spec })).status).toBe(201);
    expect((await cluster.get(`${v1}/ipamconfigs/default`)).body).toMatchObject({ kind: "IPAMConfig", spec });
    const claim = { cidr: "10.1.0.0/26", node: "n", state: "confirmed", deleted: false };
    const affinity = { kind: "BlockAffinity", metadata: { name: "n-10-1-0-0-26" }, spec: claim };
    expect((await cluster.post(`${v3}/blockaffinities`, affinity)).body).toMatchObject({ spec: claim });
    expect((await cluster.get(`${v1}/blockaffinities/n-10-1-0-0-26`)).body).toMatchObject({
      spec: { ...claim, deleted: "false" },
    });
  });
});

describe("reading", () => {
  beforeEach(async () => {
    for (const [name, third, team] of [
      ["a", 1, "red"],
      ["b", 2, "blue"],
      ["c", 3, "red"],
    ] as const)
      await cluster.post(`${v3}/ippools`, pool(name, `10.${third}.0.0/16`, { labels: { team } }));
  });

  test.each<[string, string[]]>([
    ["", ["a", "b", "c"]],
    ["?limit=1", ["a", "b", "c"]],
    ["?limit=1&continue=whatever", ["a", "b", "c"]],
    ["?labelSelector=team%3Dred&limit=1", ["a", "c"]],
    ["?fieldSelector=metadata.name%3Db", ["b"]],
  ])("list %s", async (query, expected) => {
    const { status, body } = await cluster.get(`${v3}/ippools${query}`);
    expect({ status, names: names(body) }).toEqual({ status: 200, names: expected });
    expect(objectAt(body, "metadata")).not.toHaveProperty("continue");
  });

  test("watch: in this group's words, also what comes in through the other", async () => {
    const list = await cluster.get(`${v3}/ippools`);
    const version = textAt(objectAt(list.body, "metadata"), "resourceVersion");
    const watch = await cluster.watch(`${v3}/ippools?watch=1&resourceVersion=${version}`);
    await cluster.patch(`${v1}/ippools/a`, { spec: { disabled: true } });
    const event = await watch.next();
    expect(event).toMatchObject({
      type: "MODIFIED",
      object: {
        apiVersion: "projectcalico.org/v3",
        metadata: { labels: { team: "red" } },
        spec: { disabled: true },
      },
    });
    watch.close();
  });
});

describe("writing", () => {
  beforeEach(async () => {
    await cluster.post(`${v3}/ippools`, pool("a", "10.1.0.0/16", { labels: { team: "red" } }));
  });

  test("a PUT needs a resource version, and the present one", async () => {
    const present = (await cluster.get(`${v3}/ippools/a`)).body;
    const change = (resourceVersion: string) =>
      cluster.put(`${v3}/ippools/a`, {
        ...present,
        metadata: { ...objectAt(present, "metadata"), resourceVersion },
        spec: { ...objectAt(present, "spec"), disabled: true },
      });
    expect(await change("")).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining("must be specified for an update") as string },
    });
    expect(await change("1")).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('ippools.projectcalico.org "a"') as string },
    });
    const { resourceVersion } = objectAt(present, "metadata");
    expect(await change(String(resourceVersion))).toMatchObject({
      status: 200,
      body: { metadata: { labels: { team: "red" } }, spec: { disabled: true } },
    });
  });

  test.each<["merge" | "json" | "strategic", Json]>([
    ["merge", { spec: { disabled: true } }],
    ["strategic", { spec: { disabled: true } }],
    ["json", [{ op: "add", path: "/spec/disabled", value: true }]],
  ])("a %s patch keeps what it does not name, and the hidden labels", async (kind, patch) => {
    expect(await cluster.patch(`${v3}/ippools/a`, patch, kind)).toMatchObject({
      status: 200,
      body: { metadata: { labels: { team: "red" } }, spec: { disabled: true, blockSize: 26 } },
    });
  });

  test("Calico's rules have the client's own field names", async () => {
    expect((await cluster.post(`${v3}/ippools`, pool("b", "10.1.8.0/24"))).body).toMatchObject({
      code: 422,
      message:
        'IPPool.projectcalico.org "b" is invalid: IPPool.Spec.CIDR: Invalid value: "10.1.8.0/24": IPPool(b) CIDR overlaps with IPPool(a) CIDR 10.1.0.0/16',
      details: { causes: [{ reason: "FieldValueInvalid", field: "IPPool.Spec.CIDR" }] },
    });
  });

  test("false is not stored", async () => {
    const { body } = await cluster.patch(`${v3}/ippools/a`, { spec: { natOutgoing: false, disabled: true } });
    expect(body["spec"]).not.toHaveProperty("natOutgoing");
  });

  test("a patch that lost five times to others is answered with an empty object", async () => {
    await cluster.post("/faults", { kind: "lost-patch", verb: "patch", resource: "ippools", times: 1 });
    expect(await cluster.patch(`${v3}/ippools/a`, { spec: { disabled: true } })).toMatchObject({
      status: 200,
      body: { apiVersion: "projectcalico.org/v3", kind: "IPPool", spec: {} },
    });
    expect((await cluster.get(`${v3}/ippools/a`)).body["spec"]).not.toHaveProperty("disabled");
  });

  test("a dry run does not ask Calico's rules", async () => {
    expect(await cluster.post(`${v3}/ippools?dryRun=All`, pool("b", "10.1.8.0/24"))).toMatchObject({
      status: 201,
    });
    expect(await cluster.patch(`${v3}/ippools/a?dryRun=All`, { spec: { blockSize: 28 } })).toMatchObject({
      status: 200,
      body: { spec: { blockSize: 28 } },
    });
    expect((await cluster.get(`${v3}/ippools/a`)).body).toMatchObject({ spec: { blockSize: 26 } });
    expect((await cluster.get(`${v3}/ippools/b`)).status).toBe(404);
  });
});

test("down: 503 in plain text, watches end, the APIService says so; the group stays listed", async () => {
  const watch = await cluster.watch(`${v3}/ippools?watch=1`);
  await cluster.post("/faults", { aggregatedDown: true });
  expect(await watch.next()).toBeNull();
  for (const path of [v3, `${v3}/ippools`, `${v3}/ippools/a`]) {
    expect(await cluster.get(path)).toMatchObject({ status: 503, body: { text: "service unavailable\n" } });
  }
  expect((await cluster.get(`${v1}/ippools`)).status).toBe(200);
  expect((await cluster.get("/apis/projectcalico.org")).status).toBe(200);
  const apiService = () => cluster.get("/apis/apiregistration.k8s.io/v1/apiservices/v3.projectcalico.org");
  expect((await apiService()).body).toMatchObject({
    status: { conditions: [{ type: "Available", status: "False", reason: "MissingEndpoints" }] },
  });
  await cluster.remove("/faults");
  expect((await cluster.get(`${v3}/ippools`)).status).toBe(200);
  expect((await apiService()).body).toMatchObject({
    status: { conditions: [{ type: "Available", status: "True" }] },
  });
});
