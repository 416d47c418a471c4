import { servedKind } from "../../calico/dialect.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Pool } from "../../contract/pools.ts";
import { createObject, mergePatch, removeObject } from "../../kube/objects.ts";
import { configure } from "../testing.ts";
import { external, type PoolWorld, startPoolWorld } from "./testing-pools.ts";

const poolResource = servedKind("crd-v1", "IPPool");

let world: PoolWorld;
beforeEach(async () => {
  world = await startPoolWorld();
});
afterEach(() => world.stop());

test("disable, enable: the value asked for is stored, the pool read back", async () => {
  const before = await world.createdPool(external);
  const off = await world.write("PATCH", "external-pool", {
    uid: before.uid,
    resourceVersion: before.resourceVersion,
    disabled: true,
  });
  expect(off).toMatchObject({ status: 200, body: { disabled: true, state: { allocatable: false } } });
  const { resourceVersion } = Pool.parse(off.body);
  expect(resourceVersion).not.toBe(before.resourceVersion);
  const on = await world.write("PATCH", "external-pool", {
    uid: before.uid,
    resourceVersion,
    disabled: false,
  });
  expect(on).toMatchObject({ status: 200, body: { disabled: false, natOutgoing: true } });
});

test("a dry run shows the result and stores nothing", async () => {
  const { uid, resourceVersion } = await world.createdPool(external);
  const answer = await world.write("PATCH", "external-pool?dryRun=true", {
    uid,
    resourceVersion,
    natOutgoing: false,
  });
  expect(answer).toMatchObject({ status: 200, body: { natOutgoing: false } });
  expect(await world.stored("pool", "external-pool")).toMatchObject({ spec: { natOutgoing: true } });
});

test("somebody else was faster: theirs is shown, nothing is written", async () => {
  const { uid, resourceVersion } = await world.createdPool(external);
  await mergePatch(
    world.connection,
    { resource: poolResource, name: "external-pool" },
    { spec: { natOutgoing: false } },
  );
  const answer = await world.write("PATCH", "external-pool", {
    uid,
    resourceVersion,
    disabled: true,
  });
  expect(answer).toMatchObject({
    status: 409,
    body: { code: "conflict", current: { natOutgoing: false, disabled: false } },
  });
  expect(await world.stored("pool", "external-pool")).not.toHaveProperty("spec.disabled");
});

test("a pool that was deleted and made anew is another one", async () => {
  const { uid, resourceVersion } = await world.createdPool(external);
  await removeObject(world.connection, { resource: poolResource, name: "external-pool" });
  await world.create(external);
  const answer = await world.write("PATCH", "external-pool", {
    uid,
    resourceVersion,
    disabled: true,
  });
  expect(answer).toMatchObject({
    status: 409,
    body: { code: "conflict", detail: expect.stringContaining("created anew") },
  });
});

test.each([
  ["cidr", { cidr: "10.65.0.0/16" }, 422, "cidr"],
  ["both encapsulations", { ipipMode: "Always" }, 422, "vxlanMode"],
  ["a bad selector", { nodeSelector: "has(" }, 422, "nodeSelector"],
  ["Tunnel with a namespace selector", { namespaceSelector: "a == 'b'" }, 422, "namespaceSelector"],
  ["nothing at all", {}, 422, ""],
])("%s: refused by field", async (_, fields, status, field) => {
  const { uid, resourceVersion } = await world.createdPool(external);
  const answer = await world.write("PATCH", "external-pool", { uid, resourceVersion, ...fields });
  expect(answer.status).toBe(status);
  expect((answer.body as { errors: { field: string }[] }).errors.map((error) => error.field)).toContain(
    field,
  );
});

test("what is wrong already does not keep a pool from being disabled", async () => {
  const spec = { cidr: "10.64.0.0/20", blockSize: 26, nodeSelector: "zone = 'a'", natOutgoing: true };
  const raw = { apiVersion: "crd.projectcalico.org/v1", kind: "IPPool", metadata: { name: "odd" }, spec };
  const stored = (await createObject(world.connection, { resource: poolResource }, raw)) as {
    metadata: { uid: string; resourceVersion: string };
  };
  const { uid, resourceVersion } = stored.metadata;
  const answer = await world.write("PATCH", "odd", { uid, resourceVersion, disabled: true });
  expect(answer).toMatchObject({ status: 200, body: { disabled: true } });
});

test("a pool of the operator is not touched", async () => {
  const labels = { "app.kubernetes.io/managed-by": "tigera-operator" };
  const raw = {
    apiVersion: "crd.projectcalico.org/v1",
    kind: "IPPool",
    metadata: { name: "owned", labels },
    spec: { cidr: "10.64.0.0/20" },
  };
  const stored = (await createObject(world.connection, { resource: poolResource }, raw)) as {
    metadata: { uid: string; resourceVersion: string };
  };
  const { uid, resourceVersion } = stored.metadata;
  const seen = { uid, resourceVersion };
  for (const overrideOwner of [undefined, "helm"])
    expect(await world.write("PATCH", "owned", { ...seen, disabled: true, overrideOwner })).toMatchObject({
      status: 409,
      body: { code: "managed" },
    });
  expect(await world.write("DELETE", "owned", { ...seen, confirm: "owned" })).toMatchObject({
    status: 409,
    body: { code: "managed" },
  });
});

test("a pool that is not there", async () => {
  const answer = await world.write("PATCH", "none", {
    uid: "u",
    resourceVersion: "1",
    disabled: true,
  });
  expect(answer).toMatchObject({ status: 404, body: { code: "not-found" } });
});

test("opposite toggles by two people: every write is one person's, none is lost silently", async () => {
  await world.createdPool(external);
  const toggle = async (disabled: boolean) => {
    const { metadata } = (await world.stored("pool", "external-pool")) as {
      metadata: { uid: string; resourceVersion: string };
    };
    return world.write("PATCH", "external-pool", {
      uid: metadata.uid,
      resourceVersion: metadata.resourceVersion,
      disabled,
    });
  };
  for (let round = 0; round < 20; round++) {
    configure({ connection: world.connection }, world.inventory);
    const answers = await Promise.all([toggle(true), toggle(false)]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(200);
    for (const { status, body } of answers) {
      if (status === 200) continue;
      expect(body).toMatchObject({ status: 409, code: "conflict", current: { name: "external-pool" } });
    }
  }
});

const owned: readonly (readonly [string, object, RegExp])[] = [
  ["helm", { annotations: { "meta.helm.sh/release-name": "net" } }, /Helm \(net\)/],
  ["argocd", { labels: { "argocd.argoproj.io/instance": "netops_pools" } }, /Argo CD \(netops\/pools\)/],
  ["flux", { labels: { "kustomize.toolkit.fluxcd.io/name": "pools" } }, /Flux \(pools\)/],
];

test.each(owned)("a pool of %s is written only by who says so", async (kind, metadata, words) => {
  const name = `owned-by-${kind}`;
  const raw = {
    apiVersion: "crd.projectcalico.org/v1",
    kind: "IPPool",
    metadata: { name, ...metadata },
    spec: { cidr: "10.99.0.0/20" },
  };
  const stored = (await createObject(world.connection, { resource: poolResource }, raw)) as {
    metadata: { uid: string; resourceVersion: string };
  };
  const { uid, resourceVersion } = stored.metadata;
  const asked = { uid, resourceVersion, disabled: true };
  const refused = { status: 409, body: { code: "managed", detail: expect.stringMatching(words) } };
  expect(await world.write("PATCH", name, asked)).toMatchObject(refused);
  const other = kind === "helm" ? "flux" : "helm";
  expect(await world.write("PATCH", name, { ...asked, overrideOwner: other })).toMatchObject(refused);
  const removal = { uid, resourceVersion, confirm: name };
  expect(await world.write("DELETE", name, removal)).toMatchObject(refused);
  const written = await world.write("PATCH", name, { ...asked, overrideOwner: kind });
  expect(written).toMatchObject({ status: 200, body: { disabled: true } });
  const seen = { ...removal, resourceVersion: (written.body as { resourceVersion: string }).resourceVersion };
  expect(await world.write("DELETE", name, { ...seen, overrideOwner: kind })).toMatchObject({ status: 200 });
});
