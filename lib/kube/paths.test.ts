import { describe, expect, test } from "vitest";
import { InvalidNameError } from "./errors.ts";
import { createObject, getObject, listAll, mergePatch, removeObject, replaceObject } from "./objects.ts";
import { objectPath, resourceName, type ResourceRef } from "./paths.ts";
import { connect, namespaces, pods } from "./testing/fixtures.ts";

const pools: ResourceRef = {
  group: "crd.projectcalico.org",
  version: "v1",
  plural: "ippools",
  namespaced: false,
};

describe("objectPath", () => {
  test.each([
    [{ resource: pods }, "/api/v1/pods"],
    [{ resource: pods, namespace: "default" }, "/api/v1/namespaces/default/pods"],
    [
      { resource: pods, namespace: "constructor", name: "a.b-c" },
      "/api/v1/namespaces/constructor/pods/a.b-c",
    ],
    [
      { resource: pods, namespace: "d", name: "p", subresource: "status" },
      "/api/v1/namespaces/d/pods/p/status",
    ],
    [{ resource: namespaces, name: "default" }, "/api/v1/namespaces/default"],
    [{ resource: pools, name: "10.64.0.0-26" }, "/apis/crd.projectcalico.org/v1/ippools/10.64.0.0-26"],
    [
      { resource: { ...pools, group: "rbac.authorization.k8s.io" }, name: "system:Node" },
      "/apis/rbac.authorization.k8s.io/v1/ippools/system%3ANode",
    ],
    [{ resource: pools, name: "a".repeat(253) }, `/apis/crd.projectcalico.org/v1/ippools/${"a".repeat(253)}`],
  ])("%j", (ref, path) => expect(objectPath(ref)).toBe(path));

  test.each([
    ["a namespaced object without a namespace", { resource: pods, name: "p" }],
    ["a namespace for a kind without", { resource: pools, namespace: "default", name: "p" }],
    ["a subresource of a collection", { resource: namespaces, subresource: "finalize" }],
  ])("refuses %s", (_name, ref) => expect(() => objectPath(ref)).toThrow(InvalidNameError));

  test("resourceName", () => {
    expect([resourceName(pods), resourceName(pools)]).toEqual(["pods", "ippools.crd.projectcalico.org"]);
  });
});

describe("names that must not reach the cluster", () => {
  const names = [
    "",
    ".",
    "..",
    "%2e%2e",
    "%2E",
    "a/b",
    "a\\b",
    "a\0",
    "a\r\nX: y",
    "a b",
    "a?b",
    "a#b",
    "é",
    "a".repeat(254),
  ];

  test.each(names)("%j: nothing is sent", async (name) => {
    // Nobody listens on port 1: a request that got out would fail with another error.
    const connection = await connect({ url: "http://127.0.0.1:1" });
    const bad: { resource: ResourceRef; name: string; namespace?: string }[] = [
      { resource: pools, name },
      { resource: pods, namespace: "default", name },
      { resource: pods, namespace: name, name: "p" },
      { resource: { ...pools, plural: name }, name: "p" },
      { resource: { ...pools, version: name }, name: "p" },
    ];
    for (const ref of bad) {
      await expect(removeAny(ref)).rejects.toThrow(InvalidNameError);
      await expect(run(() => getObject(connection, ref))).rejects.toThrow(InvalidNameError);
      await expect(run(() => replaceObject(connection, ref, {}))).rejects.toThrow(InvalidNameError);
      await expect(run(() => mergePatch(connection, ref, {}))).rejects.toThrow(InvalidNameError);
    }
    const inNamespace = { resource: pods, namespace: name };
    await expect(run(() => createObject(connection, inNamespace, {}))).rejects.toThrow(InvalidNameError);
    await expect(listAll(connection, pods, { namespace: name })).rejects.toThrow(InvalidNameError);

    function removeAny(ref: (typeof bad)[number]) {
      return run(() => removeObject(connection, ref));
    }
  });

  test("a name that is missing at run time, whatever the types say", async () => {
    const connection = await connect({ url: "http://127.0.0.1:1" });
    const ref = JSON.parse(JSON.stringify({ resource: pools, name: undefined }));
    await expect(run(() => removeObject(connection, ref))).rejects.toThrow(InvalidNameError);
    await expect(run(() => replaceObject(connection, ref, {}))).rejects.toThrow(InvalidNameError);
  });

  async function run(call: () => Promise<unknown>): Promise<unknown> {
    return call();
  }
});
