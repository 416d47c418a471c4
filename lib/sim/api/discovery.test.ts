import { afterAll, beforeAll, expect, test } from "vitest";
import { isObject, listAt, objectAt, textAt } from "../store/json.ts";
import { ipPool, TestCluster } from "./testing.ts";

const pools = "/apis/crd.projectcalico.org/v1/ippools";

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
