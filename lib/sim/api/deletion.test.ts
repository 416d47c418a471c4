import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type JsonObject, objectAt, textAt } from "../store/json.ts";
import { pod, TestCluster } from "./testing.ts";

let cluster: TestCluster;
const maps = "/api/v1/namespaces/default/configmaps";
const pods = "/api/v1/namespaces/default/pods";

beforeEach(async () => {
  cluster = await TestCluster.start();
});
afterEach(() => cluster.server.close());

async function map(
  name: string,
  owners: readonly [string, boolean][] = [],
  extra: JsonObject = {},
): Promise<void> {
  const ownerReferences = await Promise.all(
    owners.map(async ([owner, blockOwnerDeletion]) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      name: owner,
      uid: textAt(objectAt((await cluster.get(`${maps}/${owner}`)).body, "metadata"), "uid"),
      blockOwnerDeletion,
    })),
  );
  await cluster.post(maps, { metadata: { name, ownerReferences, ...extra } });
}

const names = (): string[] =>
  cluster.server.store
    .collection("configmaps")
    .list("default")
    .map((entry) => entry.object.metadata.name);

test("background: the owner goes at once, what belongs to it soon", async () => {
  await map("owner");
  await map("child", [["owner", true]]);
  await map("grandchild", [["child", true]]);
  await map("stranger");
  const answer = await cluster.remove(`${maps}/owner`, { propagationPolicy: "Background" });
  expect(answer).toMatchObject({
    status: 200,
    body: { status: "Success", details: { name: "owner", kind: "configmaps" } },
  });
  await vi.waitFor(() => expect(names()).toEqual(["stranger"]));
});

test("foreground: the owner waits for those that block it", async () => {
  await map("owner");
  await map("child", [["owner", true]], { finalizers: ["example.com/hold"] });
  await map("loose", [["owner", false]]);
  const answer = await cluster.remove(`${maps}/owner`, { propagationPolicy: "Foreground" });
  expect(answer.body).toMatchObject({
    metadata: { finalizers: ["foregroundDeletion"], deletionGracePeriodSeconds: 0 },
  });
  await vi.waitFor(() => expect(names()).toEqual(["child", "owner"]));
  await cluster.patch(`${maps}/child`, { metadata: { finalizers: null } });
  await vi.waitFor(() => expect(names()).toEqual([]));
});

test("orphan: what belonged to it stays, free", async () => {
  await map("owner");
  await map("child", [["owner", true]]);
  await cluster.remove(`${maps}/owner`, { propagationPolicy: "Orphan" });
  await vi.waitFor(() => expect(names()).toEqual(["child"]));
  expect(objectAt((await cluster.get(`${maps}/child`)).body, "metadata")["ownerReferences"]).toBeUndefined();
});

test("two owners: one may go", async () => {
  await map("one");
  await map("two");
  await map("child", [
    ["one", false],
    ["two", false],
  ]);
  await cluster.remove(`${maps}/one`);
  await vi.waitFor(async () =>
    expect((await cluster.get(`${maps}/child`)).body).toMatchObject({
      metadata: { ownerReferences: [{ name: "two" }] },
    }),
  );
  await cluster.remove(`${maps}/two`);
  await vi.waitFor(() => expect(names()).toEqual([]));
});

test("an owner that never was: the object goes; an owner of an unknown kind: it stays", async () => {
  const owner = (kind: string) => [
    { apiVersion: kind === "ConfigMap" ? "v1" : "example.com/v1", kind, name: "x", uid: "no-such-uid" },
  ];
  await cluster.post(maps, { metadata: { name: "lost", ownerReferences: owner("ConfigMap") } });
  await cluster.post(maps, { metadata: { name: "kept", ownerReferences: owner("Widget") } });
  await vi.waitFor(() => expect(names()).toEqual(["kept"]));
});

test("preconditions are checked, and say which value they met", async () => {
  await map("a");
  const { body } = await cluster.get(`${maps}/a`);
  const uid = textAt(objectAt(body, "metadata"), "uid");
  expect(await cluster.remove(`${maps}/a`, { preconditions: { uid: "other" } })).toMatchObject({
    status: 409,
    body: {
      message: `Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (other) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    },
  });
  expect(await cluster.remove(`${maps}/a`, { preconditions: { resourceVersion: "1" } })).toMatchObject({
    status: 409,
  });
  expect(await cluster.remove(`${maps}/a`, { preconditions: { uid } })).toMatchObject({ status: 200 });
  expect(await cluster.remove(`${maps}/a`)).toMatchObject({ status: 404 });
});

test("finalizers hold an object until the last is gone", async () => {
  await map("a", [], { finalizers: ["x/one", "x/two"] });
  await cluster.remove(`${maps}/a`);
  await cluster.patch(`${maps}/a`, { metadata: { finalizers: ["x/two"] } });
  expect((await cluster.get(`${maps}/a`)).body).toMatchObject({ metadata: { finalizers: ["x/two"] } });
  await cluster.patch(`${maps}/a`, { metadata: { finalizers: [] } });
  expect(names()).toEqual([]);
});

test("a bound pod ends in two steps; an unbound or finished one at once", async () => {
  for (const [name, node] of [
    ["bound", "n1"],
    ["free", ""],
    ["done", "n1"],
  ] as const) {
    await cluster.post(pods, pod(name, node === "" ? {} : { nodeName: node }));
  }
  await cluster.patch(`${pods}/done/status`, { status: { phase: "Succeeded" } });
  const answer = await cluster.remove(`${pods}/bound`, {});
  expect(answer.body).toMatchObject({ kind: "Pod", metadata: { deletionGracePeriodSeconds: 30 } });
  const deadline = Date.parse(textAt(objectAt(answer.body, "metadata"), "deletionTimestamp"));
  expect(deadline - Date.now()).toBeGreaterThan(28_000);
  await cluster.patch(`${pods}/bound`, { metadata: { labels: { still: "here" } } });
  expect(await cluster.get(`${pods}/bound`)).toMatchObject({ status: 200 });
  expect(await cluster.remove(`${pods}/bound`, { gracePeriodSeconds: 5 })).toMatchObject({
    body: { metadata: { deletionGracePeriodSeconds: 5 } },
  });
  expect(await cluster.remove(`${pods}/bound`, { gracePeriodSeconds: 20 })).toMatchObject({
    body: { metadata: { deletionGracePeriodSeconds: 5 } },
  });
  await cluster.remove(`${pods}/bound`, { gracePeriodSeconds: 0 });
  expect(await cluster.get(`${pods}/bound`)).toMatchObject({ status: 404 });
  for (const name of ["free", "done"]) {
    await cluster.remove(`${pods}/${name}`);
    expect(await cluster.get(`${pods}/${name}`)).toMatchObject({ status: 404 });
  }
});

test("a collection, by selector", async () => {
  await map("a", [], { labels: { x: "1" } });
  await map("b", [], { labels: { x: "1" } });
  await map("c");
  expect(await cluster.remove(`${maps}?labelSelector=x%3D1`)).toMatchObject({
    status: 200,
    body: { kind: "ConfigMapList" },
  });
  expect(names()).toEqual(["c"]);
  expect(await cluster.remove("/api/v1/namespaces")).toMatchObject({ status: 405 });
  expect(await cluster.remove("/api/v1/namespaces/default")).toMatchObject({
    status: 403,
    body: { message: 'namespaces "default" is forbidden: this namespace may not be deleted' },
  });
});

test("a namespace is emptied before it goes, takes nothing new, and then is gone", async () => {
  await cluster.post("/api/v1/namespaces", { metadata: { name: "team" } });
  const inside = "/api/v1/namespaces/team";
  await vi.waitFor(async () =>
    expect(await cluster.get(`${inside}/serviceaccounts/default`)).toMatchObject({ status: 200 }),
  );
  await cluster.post(`${inside}/configmaps`, { metadata: { name: "a" } });
  await cluster.post(`${inside}/pods`, pod("p", { nodeName: "n1" }));
  const answer = await cluster.remove(inside);
  expect(answer.body).toMatchObject({ kind: "Namespace", status: { phase: "Terminating" } });
  await vi.waitFor(async () => {
    expect(await cluster.get(`${inside}/configmaps/a`)).toMatchObject({ status: 404 });
    expect((await cluster.get(`${inside}/pods/p`)).body).toMatchObject({
      metadata: { deletionGracePeriodSeconds: 30 },
    });
  });
  expect(await cluster.post(`${inside}/configmaps`, { metadata: { name: "late" } })).toMatchObject({
    status: 403,
    body: {
      reason: "Forbidden",
      message:
        'configmaps "late" is forbidden: unable to create new content in namespace team because it is being terminated',
      details: { causes: [{ reason: "NamespaceTerminating" }] },
    },
  });
  expect((await cluster.get(inside)).body).toMatchObject({
    status: { conditions: [{ type: "NamespaceContentRemaining", status: "True" }] },
  });
  await cluster.remove(`${inside}/pods/p`, { gracePeriodSeconds: 0 });
  await vi.waitFor(async () => expect(await cluster.get(inside)).toMatchObject({ status: 404 }));
  expect(await cluster.post(`${inside}/configmaps`, { metadata: { name: "late" } })).toMatchObject({
    status: 404,
    body: { message: 'namespaces "team" not found' },
  });
});
