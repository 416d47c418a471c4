import { afterEach, beforeEach, expect, test } from "vitest";
import { isObject, type JsonObject, listAt, objectAt, textAt } from "../store/json.ts";
import { deployment, ipPool, TestCluster } from "./testing.ts";

let cluster: TestCluster;
const pools = "/apis/crd.projectcalico.org/v1/ippools";
const web = "/apis/apps/v1/namespaces/default/deployments/web";

beforeEach(async () => {
  cluster = await TestCluster.start();
});
afterEach(() => cluster.server.close());

function config(containers: JsonObject[], extra: JsonObject = {}): JsonObject {
  const object = deployment("web", 2);
  const spec = objectAt(object, "spec");
  spec["template"] = { metadata: { labels: { app: "web" } }, spec: { containers } };
  Object.assign(spec, extra);
  return object;
}

async function managers(path: string): Promise<Record<string, unknown>> {
  const { body } = await cluster.get(path);
  const entries = listAt(objectAt(body, "metadata"), "managedFields").filter(isObject);
  return Object.fromEntries(
    entries.map((entry) => [`${textAt(entry, "manager")}/${textAt(entry, "operation")}`, entry["fieldsV1"]]),
  );
}

test("the first apply creates, and records exactly what was named", async () => {
  const applied = await cluster.apply(
    web,
    config([{ name: "web", image: "nginx:1", ports: [{ containerPort: 80 }] }]),
  );
  expect(applied.status).toBe(201);
  expect(await managers(web)).toEqual({
    "tester/Apply": {
      "f:spec": {
        "f:replicas": {},
        "f:selector": {},
        "f:template": {
          "f:metadata": { "f:labels": { "f:app": {} } },
          "f:spec": {
            "f:containers": {
              'k:{"name":"web"}': {
                ".": {},
                "f:name": {},
                "f:image": {},
                "f:ports": { 'k:{"containerPort":80,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} } },
              },
            },
          },
        },
      },
    },
  });
});

test("what is no longer named goes, unless somebody else named it too", async () => {
  const env = [
    { name: "A", value: "1" },
    { name: "B", value: "2" },
  ];
  await cluster.apply(
    web,
    config([
      { name: "web", image: "nginx:1", env },
      { name: "side", image: "x" },
    ]),
  );
  await cluster.apply(web, config([{ name: "web", image: "nginx:1", env: [env[1] ?? {}] }]), "other");
  await cluster.apply(web, config([{ name: "web", image: "nginx:1" }]));
  const { body } = await cluster.get(web);
  const spec = objectAt(objectAt(objectAt(body, "spec"), "template"), "spec");
  expect(spec["containers"]).toMatchObject([{ name: "web", env: [{ name: "B", value: "2" }] }]);
  expect(spec["containers"]).toHaveLength(1);
});

test("fields of others are not changed without force; equal values are shared", async () => {
  await cluster.apply(web, config([{ name: "web", image: "nginx:1" }]));
  await cluster.patch(`${web}?fieldManager=scaler`, { spec: { replicas: 5 } });
  expect(await cluster.apply(web, config([{ name: "web", image: "nginx:1" }]))).toMatchObject({
    status: 409,
    body: {
      reason: "Conflict",
      message: 'Apply failed with 1 conflict: conflict with "scaler" using apps/v1: .spec.replicas',
      details: { causes: [{ reason: "FieldManagerConflict", field: ".spec.replicas" }] },
    },
  });
  expect(
    await cluster.apply(web, config([{ name: "web", image: "nginx:1" }], { replicas: 5 })),
  ).toMatchObject({ status: 200 });
  expect(await cluster.apply(web, config([{ name: "web", image: "nginx:1" }]), "tester", true)).toMatchObject(
    {
      status: 200,
      body: { spec: { replicas: 2 } },
    },
  );
  expect(Object.keys(await managers(web))).toEqual(["tester/Apply"]);
});

test("applying the same again changes nothing", async () => {
  const first = await cluster.apply(web, config([{ name: "web", image: "nginx:1" }]));
  const second = await cluster.apply(web, config([{ name: "web", image: "nginx:1" }]));
  expect(second.body).toEqual(first.body);
});

test("custom resources, sets and atomic lists", async () => {
  const reservations = "/apis/crd.projectcalico.org/v1/ipreservations/r";
  const reserve = (...reservedCIDRs: string[]): JsonObject => ({
    apiVersion: "crd.projectcalico.org/v1",
    kind: "IPReservation",
    metadata: { name: "r" },
    spec: { reservedCIDRs },
  });
  await cluster.apply(reservations, reserve("10.0.0.0/30"), "one");
  await cluster.apply(reservations, reserve("10.0.1.0/30"), "two");
  await cluster.apply(reservations, reserve("10.0.2.0/30"), "one");
  expect((await cluster.get(reservations)).body).toMatchObject({
    spec: { reservedCIDRs: ["10.0.1.0/30", "10.0.2.0/30"] },
  });
  const bad = await cluster.apply(`${pools}/p`, ipPool("p", { cidr: "ten" }));
  expect(bad).toMatchObject({ status: 422 });
});

test("YAML is read; a missing manager, a bad document and managedFields are refused", async () => {
  const yaml =
    "apiVersion: crd.projectcalico.org/v1\nkind: IPPool\nmetadata: {name: p}\nspec:\n  cidr: 10.0.0.0/16\n";
  expect(await cluster.apply(`${pools}/p`, yaml)).toMatchObject({
    status: 201,
    body: { spec: { cidr: "10.0.0.0/16" } },
  });
  const headers = { "Content-Type": "application/apply-patch+yaml" };
  expect(await cluster.call("PATCH", `${pools}/p`, yaml, headers)).toMatchObject({
    status: 422,
    body: {
      message:
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    },
  });
  expect(await cluster.apply(`${pools}/p`, "a: [")).toMatchObject({ status: 400 });
  const own = { ...ipPool("p", { cidr: "10.0.0.0/16" }), metadata: { name: "p", managedFields: [] } };
  expect(await cluster.apply(`${pools}/p`, own)).toMatchObject({
    status: 400,
    body: { message: "metadata.managedFields must be nil" },
  });
});

test("plain writes take fields over, and what is removed is nobody's", async () => {
  await cluster.post(`${pools}?fieldManager=maker`, ipPool("p", { cidr: "10.0.0.0/16", natOutgoing: true }));
  await cluster.patch(`${pools}/p?fieldManager=changer`, { spec: { natOutgoing: false, disabled: true } });
  expect(await managers(`${pools}/p`)).toEqual({
    "maker/Update": { "f:spec": { ".": {}, "f:assignmentMode": {}, "f:cidr": {} } },
    "changer/Update": { "f:spec": { "f:disabled": {}, "f:natOutgoing": {} } },
  });
  await cluster.patch(`${pools}/p?fieldManager=maker`, { spec: { disabled: null, natOutgoing: null } });
  expect(Object.keys(await managers(`${pools}/p`))).toEqual(["maker/Update"]);
});

test("without a name for itself a program is called after its user agent", async () => {
  await cluster.call("POST", pools, ipPool("p", { cidr: "10.0.0.0/16" }), {
    "User-Agent": "calicoctl/v3.32 (linux)",
  });
  expect(Object.keys(await managers(`${pools}/p`))).toEqual(["calicoctl/Update"]);
});
