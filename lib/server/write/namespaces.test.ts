import { servedKind } from "../../calico/dialect.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as route from "../../../app/api/v1/namespaces/[name]/route.ts";
import { NamespaceWritten } from "../../contract/namespaces.ts";
import { createObject, mergePatch } from "../../kube/objects.ts";
import { namespaceResource } from "./resources.ts";
import { startWriteWorld, type WriteWorld } from "./testing.ts";

const poolResource = servedKind("crd-v1", "IPPool");

let world: WriteWorld;
let seen: { uid: string; resourceVersion: string };

beforeEach(async () => {
  world = await startWriteWorld();
  const addPool = (name: string, spec: object) =>
    createObject(
      world.connection,
      { resource: poolResource },
      { apiVersion: "crd.projectcalico.org/v1", kind: "IPPool", metadata: { name }, spec },
    );
  await addPool("external-pool", { cidr: "10.64.0.0/20" });
  await addPool("off", { cidr: "10.65.0.0/20", disabled: true });
  await addPool("six", { cidr: "fd00::/64" });
  const namespace = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "constructor", annotations: { mine: "kept" }, labels: { a: "b" } },
  };
  const { metadata } = (await createObject(world.connection, { resource: namespaceResource }, namespace)) as {
    metadata: typeof seen;
  };
  seen = { uid: metadata.uid, resourceVersion: metadata.resourceVersion };
});
afterEach(() => world.stop());

const patch = (fields: object, path = "namespaces/constructor") =>
  world.send(route, "PATCH", path, { ...seen, ...fields });
const annotations = async () =>
  ((await world.stored("namespace", "constructor")) as { metadata: { annotations?: Record<string, string> } })
    .metadata.annotations ?? {};

test("exactly the one annotation is written, and taken away again", async () => {
  const before = await annotations();
  const { status, body } = await patch({ ipv4pools: ["external-pool", "10.255.0.0/16"] });
  expect(status).toBe(200);
  const written = NamespaceWritten.parse(body);
  expect(written).toMatchObject({
    source: { ipv4: "annotation" },
    pools: { ipv4: ["external-pool", "default-ipv4-ippool"] },
  });
  expect(written).not.toHaveProperty("warnings");
  expect(await annotations()).toEqual({
    ...before,
    "cni.projectcalico.org/ipv4pools": '["external-pool","10.255.0.0/16"]',
  });

  seen = { uid: written.uid, resourceVersion: written.resourceVersion };
  expect((await patch({ ipv4pools: null })).status).toBe(200);
  expect(await annotations()).toEqual(before);
});

test("a dry run writes nothing", async () => {
  const before = await annotations();
  expect((await patch({ ipv4pools: ["external-pool"] }, "namespaces/constructor?dryRun=true")).status).toBe(
    200,
  );
  expect(await annotations()).toEqual(before);
});

test("a disabled pool is taken with a warning", async () => {
  expect(await patch({ ipv4pools: ["off"] })).toMatchObject({
    status: 200,
    body: { warnings: [expect.stringContaining("disabled")] },
  });
});

describe("refused by field, nothing written", () => {
  test.each([
    ["an unknown pool", { ipv4pools: ["external-pool", "none"] }, "ipv4pools[1]"],
    ["the other family", { ipv4pools: ["six"] }, "ipv4pools[0]"],
    ["the other family, in IPv6", { ipv6pools: ["external-pool"] }, "ipv6pools[0]"],
    ["a part of a pool", { ipv4pools: ["10.64.0.0/24"] }, "ipv4pools[0]"],
    ["a pool twice", { ipv4pools: ["external-pool", "external-pool"] }, "ipv4pools[1]"],
    ["an empty list", { ipv4pools: [] }, "ipv4pools"],
    ["text", { ipv4pools: '["external-pool"]' }, "ipv4pools"],
    ["another annotation", { annotations: {} }, "annotations"],
    ["nothing", {}, ""],
  ])("%s", async (_, fields, field) => {
    const before = await annotations();
    const { status, body } = await patch(fields);
    expect(status).toBe(422);
    expect((body as { errors: { field: string }[] }).errors.map((error) => error.field)).toContain(field);
    expect(await annotations()).toEqual(before);
  });
});

test("somebody else was faster: theirs is shown", async () => {
  const theirs = { metadata: { annotations: { "cni.projectcalico.org/ipv4pools": '["off"]' } } };
  await mergePatch(world.connection, { resource: namespaceResource, name: "constructor" }, theirs);
  expect(await patch({ ipv4pools: ["external-pool"] })).toMatchObject({
    status: 409,
    body: { code: "conflict", current: { annotation: { ipv4: '["off"]' } } },
  });
});

test("a namespace that is not there", async () => {
  expect(await patch({ ipv4pools: null }, "namespaces/none")).toMatchObject({ status: 404 });
});
