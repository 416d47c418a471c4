import { afterAll, beforeAll, expect, test } from "vitest";
import { deploymentSchema } from "../schema/core/workloads.ts";
import type { Json, JsonObject } from "../store/json.ts";
import { ApiError } from "./status.ts";
import { applyJsonPatch } from "./json-patch.ts";
import { applyMergePatch } from "./merge-patch.ts";
import { applyStrategicPatch } from "./strategic-patch.ts";
import { ipPool, TestCluster } from "./testing.ts";

const containers = (...list: JsonObject[]): JsonObject => ({
  spec: { template: { spec: { containers: list } } },
});
const a = { name: "a", image: "1", env: [{ name: "X", value: "1" }] };
const b = { name: "b", image: "2" };

test.each<[string, JsonObject, JsonObject, JsonObject]>([
  [
    "a member is merged by its key",
    containers(a, b),
    containers({ name: "a", image: "9" }),
    containers({ ...a, image: "9" }, b),
  ],
  ["a new member is added in front", containers(a), containers(b), containers(b, a)],
  ["members come in the patch's order", containers(a, b), containers(b, a), containers(b, a)],
  ["a member is taken out", containers(a, b), containers({ name: "a", $patch: "delete" }), containers(b)],
  [
    "a list is replaced",
    containers(a, b),
    containers({ $patch: "replace" }, { name: "c" }),
    containers({ name: "c" }),
  ],
  [
    "lists inside members merge too",
    containers(a),
    containers({ name: "a", env: [{ name: "Y", value: "2" }] }),
    containers({ ...a, env: [{ name: "Y", value: "2" }, ...a.env] }),
  ],
  [
    "an order is set, strangers stay where they were",
    containers({ name: "x" }, { name: "s" }, { name: "y" }),
    {
      spec: {
        template: {
          spec: {
            "$setElementOrder/containers": [{ name: "y" }, { name: "z" }, { name: "x" }],
            containers: [{ name: "z" }],
          },
        },
      },
    },
    containers({ name: "s" }, { name: "y" }, { name: "z" }, { name: "x" }),
  ],
  [
    "tolerations have no key: the list is replaced",
    { spec: { template: { spec: { tolerations: [{ key: "a" }] } } } },
    { spec: { template: { spec: { tolerations: [{ key: "b" }] } } } },
    { spec: { template: { spec: { tolerations: [{ key: "b" }] } } } },
  ],
  [
    "a union keeps only the keys that are retained",
    { spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } } },
    { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } },
    { spec: { strategy: { type: "Recreate" } } },
  ],
  [
    "members of a plain list are taken out",
    { metadata: { finalizers: ["a", "b", "c"] } },
    { metadata: { "$deleteFromPrimitiveList/finalizers": ["b"], finalizers: ["d"] } },
    { metadata: { finalizers: ["d", "a", "c"] } },
  ],
  [
    "null removes",
    { metadata: { labels: { a: "1", b: "2" } } },
    { metadata: { labels: { a: null } } },
    { metadata: { labels: { b: "2" } } },
  ],
  [
    "an object is replaced",
    { metadata: { labels: { a: "1" } } },
    { metadata: { labels: { $patch: "replace", b: "2" } } },
    { metadata: { labels: { b: "2" } } },
  ],
])("strategic: %s", (_what, target, patch, expected) => {
  const before = JSON.stringify(target);
  expect(applyStrategicPatch(deploymentSchema, target, patch)).toEqual(expected);
  expect(JSON.stringify(target)).toBe(before);
});

test("strategic: a member without its key is refused", () => {
  const patch = containers({ image: "x" });
  expect(() => applyStrategicPatch(deploymentSchema, containers(a), patch)).toThrow(
    /does not contain declared merge key: name/,
  );
});

test.each<[string, Json, Json, Json]>([
  [
    "set, add and remove",
    { a: 1, b: { c: 2, d: 3 } },
    { a: 9, b: { c: null, e: 4 } },
    { a: 9, b: { d: 3, e: 4 } },
  ],
  ["lists are replaced", { a: [1, 2] }, { a: [3] }, { a: [3] }],
  ["nulls do not appear", {}, { a: { b: null, c: 1 } }, { a: { c: 1 } }],
  ["a value becomes an object", { a: 1 }, { a: { b: 2 } }, { a: { b: 2 } }],
])("merge: %s", (_what, target, patch, expected) => {
  expect(applyMergePatch(target, patch)).toEqual(expected);
});

test.each<[string, Json, Json, Json]>([
  ["add to a list", { a: [1, 3] }, [{ op: "add", path: "/a/1", value: 2 }], { a: [1, 2, 3] }],
  ["add at the end", { a: [1] }, [{ op: "add", path: "/a/-", value: 2 }], { a: [1, 2] }],
  [
    "replace, escaped names",
    { "a/b": { "c~d": 1 } },
    [{ op: "replace", path: "/a~1b/c~0d", value: 2 }],
    { "a/b": { "c~d": 2 } },
  ],
  [
    "remove",
    { a: [1, 2], b: 3 },
    [
      { op: "remove", path: "/a/0" },
      { op: "remove", path: "/b" },
    ],
    { a: [2] },
  ],
  [
    "move and copy",
    { a: { b: 1 } },
    [
      { op: "copy", from: "/a", path: "/c" },
      { op: "move", from: "/a/b", path: "/d" },
    ],
    { a: {}, c: { b: 1 }, d: 1 },
  ],
  [
    "replace of a member that is not there",
    { a: 1 },
    [{ op: "replace", path: "/b", value: 2 }],
    { a: 1, b: 2 },
  ],
  ["an index from the end", { a: [1, 2] }, [{ op: "remove", path: "/a/-1" }], { a: [1] }],
  ["test of a member that is not there", { a: 1 }, [{ op: "test", path: "/b", value: null }], { a: 1 }],
  ["test that holds", { a: [1] }, [{ op: "test", path: "/a", value: [1] }], { a: [1] }],
])("json: %s", (_what, target, patch, expected) => {
  expect(applyJsonPatch(target, patch)).toEqual(expected);
});

test.each<[string, Json]>([
  ["a test that fails", [{ op: "test", path: "/a", value: 2 }]],
  ["a path that is not there", [{ op: "remove", path: "/nope" }]],
  ["replace of an item that is not there", [{ op: "replace", path: "/l/-", value: 1 }]],
  ["an index past the end", [{ op: "add", path: "/l/5", value: 1 }]],
  ["an operation nobody knows", [{ op: "foo", path: "/a" }]],
])("json: %s is 422", (_what, patch) => {
  expect(() => applyJsonPatch({ a: 1, l: [1] }, patch)).toThrow(
    expect.objectContaining({ code: 422 }) as ApiError,
  );
});

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start();
});
afterAll(() => cluster.server.close());

test("each kind of patch by HTTP; custom resources take no strategic ones", async () => {
  const pools = "/apis/crd.projectcalico.org/v1/ippools";
  await cluster.post(pools, ipPool("p", { cidr: "10.0.0.0/16" }));
  expect(await cluster.patch(`${pools}/p`, { spec: { disabled: true } })).toMatchObject({
    body: { spec: { disabled: true } },
  });
  expect(await cluster.patch(`${pools}/p`, [{ op: "remove", path: "/spec/disabled" }], "json")).toMatchObject(
    {
      status: 200,
      body: { metadata: { generation: 3 } },
    },
  );
  expect(await cluster.patch(`${pools}/p`, { spec: { disabled: true } }, "strategic")).toMatchObject({
    status: 415,
    body: {
      message:
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
    },
  });
  expect(await cluster.call("PATCH", `${pools}/p`, {}, { "Content-Type": "application/json" })).toMatchObject(
    {
      status: 415,
      body: { message: "415: Unsupported Media Type" },
    },
  );
  expect(await cluster.patch(`${pools}/p`, "{x")).toMatchObject({
    status: 400,
    body: { message: expect.stringMatching(/^error decoding patch:/) },
  });
  expect(await cluster.patch(`${pools}/p`, [])).toMatchObject({
    status: 400,
    body: {
      message:
        "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}",
    },
  });
  expect(await cluster.patch(`${pools}/none`, {})).toMatchObject({
    status: 404,
    body: { message: 'ippools.crd.projectcalico.org "none" not found' },
  });
});
