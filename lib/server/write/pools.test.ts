import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as one from "../../../app/api/v1/pools/[name]/route.ts";
import * as all from "../../../app/api/v1/pools/route.ts";
import { PoolCreateResults, Pool } from "../../contract/pools.ts";
import { createObject, mergePatch, removeObject } from "../../kube/objects.ts";
import { configure } from "../testing.ts";
import { blockResource, poolResource } from "./resources.ts";
import { startWriteWorld, until, type WriteWorld } from "./testing.ts";

let world: WriteWorld;
beforeEach(async () => {
  world = await startWriteWorld();
});
afterEach(() => world.stop());

const external = `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: external-pool
spec:
  cidr: 10.64.0.0/20
  blockSize: 26
  ipipMode: Never
  natOutgoing: true
  vxlanMode: CrossSubnet
`;
const internal = external.replace("external", "internal").replace("10.64.0.0", "10.64.16.0");

/** The smallest document with these spec lines. */
const pool = (name: string, ...lines: string[]) =>
  `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: { name: ${name} }\nspec:\n${lines.map((line) => `  ${line}\n`).join("")}`;

async function create(manifest: string, options: { dryRun?: boolean; onError?: string } = {}) {
  const { onError, dryRun } = options;
  const path = `pools${dryRun ? "?dryRun=true" : ""}`;
  const { status, body } = await world.send(all, "POST", path, { manifest, ...(onError ? { onError } : {}) });
  return status === 200
    ? { status, results: PoolCreateResults.parse(body).results, problem: null }
    : { status, results: [], problem: body };
}

const names = async () => (await listed()).map(({ metadata }) => metadata.name);
async function listed(): Promise<{ metadata: { name: string }; spec: Record<string, unknown> }[]> {
  const answer = (await world.connection.request({
    method: "GET",
    path: "/apis/crd.projectcalico.org/v1/ippools",
  })) as {
    items: { metadata: { name: string }; spec: Record<string, unknown> }[];
  };
  return answer.items;
}

async function createdPool(document: string): Promise<Pool> {
  const { results } = await create(document);
  return Pool.parse(results[0]?.pool);
}

describe("create", () => {
  test("the tutorial's two documents, with the defaults that Calico's client stores", async () => {
    const { results } = await create(`${external}---${internal}`);
    expect(results.map(({ index, name, outcome }) => [index, name, outcome])).toEqual([
      [0, "external-pool", "created"],
      [1, "internal-pool", "created"],
    ]);
    expect(results[0]?.pool).toMatchObject({
      cidr: "10.64.0.0/20",
      usage: { capacity: "4096", inUse: "0" },
      natOutgoing: true,
    });
    const stored = (await listed()).find(({ metadata }) => metadata.name === "external-pool");
    expect(stored?.spec).toEqual({
      cidr: "10.64.0.0/20",
      blockSize: 26,
      ipipMode: "Never",
      vxlanMode: "CrossSubnet",
      natOutgoing: true,
      nodeSelector: "all()",
      allowedUses: ["Workload", "Tunnel"],
      assignmentMode: "Automatic",
    });
    // What is written is seen at once by whoever reads next.
    expect(world.inventory.space.pools.get("", "internal-pool")).not.toBeNull();
  });

  test("a dry run says what would happen and writes nothing", async () => {
    const { results } = await create(`${external}---${internal}`, { dryRun: true });
    expect(results.map(({ outcome }) => outcome)).toEqual(["valid", "valid"]);
    expect(await names()).toEqual(["default-ipv4-ippool"]);
  });

  test("one pool as JSON, in the other API version", async () => {
    const document = {
      apiVersion: "crd.projectcalico.org/v1",
      kind: "IPPool",
      metadata: { name: "json-pool", labels: { team: "a" } },
      spec: { cidr: "FD00:AB::/64" },
    };
    const { status, body } = await world.send(all, "POST", "pools", document);
    expect(status).toBe(200);
    expect(PoolCreateResults.parse(body).results[0]).toMatchObject({
      outcome: "created",
      pool: {
        cidr: "fd00:ab::/64",
        blockSize: 122,
        labels: { team: "a" },
        usage: { capacity: "18446744073709551616" },
      },
    });
  });

  test.each<[string, string, string, RegExp]>([
    [
      "overlaps a pool",
      pool("a", "cidr: 10.255.1.0/24"),
      "spec.cidr",
      /overlaps with IPPool\(default-ipv4-ippool\)/,
    ],
    ["host bits", pool("a", "cidr: 10.64.0.1/20"), "spec.cidr", /masked/],
    ["leading zeros", pool("a", "cidr: 10.064.0.0/20"), "spec.cidr", /valid subnet/],
    ["a zone", pool("a", "cidr: fd00::1%eth0/128"), "spec.cidr", /valid subnet/],
    ["link-local", pool("a", "cidr: 169.254.0.0/24"), "spec.cidr", /[Ll]ink.[Ll]ocal/],
    ["v4 mapped", pool("a", "cidr: '::ffff:10.73.0.0/116'"), "spec.cidr", /./],
    ["everything", pool("a", "cidr: 0.0.0.0/0"), "spec.cidr", /overlaps/],
    [
      "block size 33",
      pool("a", "cidr: 10.64.0.0/20", "blockSize: 33"),
      "spec.blockSize",
      /between 20 and 32/,
    ],
    [
      "block size as text",
      pool("a", "cidr: 10.64.0.0/20", 'blockSize: "2.6e1"'),
      "spec.blockSize",
      /whole number/,
    ],
    [
      "block size 026",
      pool("a", "cidr: 10.64.0.0/20", "blockSize: 026"),
      "spec.blockSize",
      /different YAML readers/,
    ],
    [
      "both encapsulations",
      pool("a", "cidr: 10.64.0.0/20", "ipipMode: Always", "vxlanMode: Always"),
      "spec.vxlanMode",
      /./,
    ],
    [
      "IPIP on IPv6",
      pool("a", "cidr: fd00::/64", "ipipMode: Always"),
      "spec.ipipMode",
      /IPIP is not supported/,
    ],
    ["an unknown field", pool("a", "cidr: 10.64.0.0/20", "blocksize: 26"), "spec.blocksize", /not a field/],
    [
      "a bad selector",
      pool("a", "cidr: 10.64.0.0/20", "nodeSelector: zone = 'a'"),
      "spec.nodeSelector",
      /selector/,
    ],
    [
      "a selector with a newline",
      pool("a", "cidr: 10.64.0.0/20", "nodeSelector: |", "  all()"),
      "spec.nodeSelector",
      /selector/,
    ],
    [
      "yes",
      pool("a", "cidr: 10.64.0.0/20", "natOutgoing: yes"),
      "spec.natOutgoing",
      /different YAML readers/,
    ],
    [
      "no name",
      "apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {}\nspec: { cidr: 10.64.0.0/20 }",
      "metadata.name",
      /./,
    ],
    ["a name that climbs", pool("..", "cidr: 10.64.0.0/20"), "metadata.name", /./],
    ["another kind", "apiVersion: v1\nkind: Namespace\nmetadata: { name: a }", "kind", /IPPool/],
  ])("%s: refused by field, nothing written", async (_, manifest, field, message) => {
    const { results } = await create(manifest);
    expect(results[0]?.outcome).toBe("refused");
    const found = results[0]?.problem?.errors?.find((error) => error.field === field);
    expect(found?.message, JSON.stringify(results[0]?.problem)).toMatch(message);
    expect(await names()).toEqual(["default-ipv4-ippool"]);
  });

  test("documents of one manifest must not overlap each other", async () => {
    const { results } = await create(`${external}---\n${pool("twin", "cidr: 10.64.8.0/24")}`, {
      dryRun: true,
    });
    expect(results.map(({ outcome }) => outcome)).toEqual(["valid", "refused"]);
    expect(results[1]?.problem?.errors?.[0]?.message).toMatch(/IPPool\(external-pool\)/);
  });

  test("blocks of another size in the range are found", async () => {
    const spec = {
      cidr: "10.64.0.0/27",
      allocations: Array(32).fill(null),
      unallocated: [],
      attributes: [],
      sequenceNumber: 1,
      deleted: false,
      strictAffinity: false,
    };
    const block = {
      apiVersion: "crd.projectcalico.org/v1",
      kind: "IPAMBlock",
      metadata: { name: "10-64-0-0-27" },
      spec,
    };
    await createObject(world.connection, { resource: blockResource }, block);
    await until(() => world.inventory.space.blocks.get("", "10-64-0-0-27") !== null);
    const { results } = await create(external);
    expect(results[0]?.problem?.errors).toEqual([expect.objectContaining({ field: "spec.blockSize" })]);
  });

  test("after a refusal the rest is skipped, unless the person wants to go on", async () => {
    const manifest = `${pool("bad", "cidr: x")}---${external}---${internal}`;
    const stopped = await create(manifest);
    expect(stopped.results.map(({ outcome }) => outcome)).toEqual(["refused", "skipped", "skipped"]);
    expect(await names()).toEqual(["default-ipv4-ippool"]);
    const wentOn = await create(manifest, { onError: "continue" });
    expect(wentOn.results.map(({ outcome }) => outcome)).toEqual(["refused", "created", "created"]);
  });

  test("a name that is taken", async () => {
    const { results } = await create(pool("default-ipv4-ippool", "cidr: 10.64.0.0/20"));
    expect(results[0]?.problem).toMatchObject({ status: 409, code: "already-exists" });
  });

  test.each([
    ["not YAML", "a: [", 400],
    ["nothing", "\n# nothing\n", 422],
    ["no map", "hello", 422],
  ])("%s: no document could be read", async (_, manifest, status) => {
    expect((await create(manifest)).status).toBe(status);
  });

  test("what an export carries is left out with a word", async () => {
    const { results } = await create(
      `${external}status: {}\n`.replace("metadata:", "metadata:\n  uid: 1234\n  creationTimestamp: null"),
    );
    expect(results[0]).toMatchObject({
      outcome: "created",
      warnings: [expect.stringContaining("status"), expect.stringContaining("uid")],
    });
  });
});

describe("change", () => {
  test("disable, enable: the value asked for is stored, the pool read back", async () => {
    const before = await createdPool(external);
    const off = await world.send(one, "PATCH", "pools/external-pool", {
      uid: before.uid,
      resourceVersion: before.resourceVersion,
      disabled: true,
    });
    expect(off).toMatchObject({ status: 200, body: { disabled: true, state: { allocatable: false } } });
    const { resourceVersion } = Pool.parse(off.body);
    expect(resourceVersion).not.toBe(before.resourceVersion);
    const on = await world.send(one, "PATCH", "pools/external-pool", {
      uid: before.uid,
      resourceVersion,
      disabled: false,
    });
    expect(on).toMatchObject({ status: 200, body: { disabled: false, natOutgoing: true } });
  });

  test("a dry run shows the result and stores nothing", async () => {
    const { uid, resourceVersion } = await createdPool(external);
    const answer = await world.send(one, "PATCH", "pools/external-pool?dryRun=true", {
      uid,
      resourceVersion,
      natOutgoing: false,
    });
    expect(answer).toMatchObject({ status: 200, body: { natOutgoing: false } });
    expect(await world.stored("pool", "external-pool")).toMatchObject({ spec: { natOutgoing: true } });
  });

  test("somebody else was faster: theirs is shown, nothing is written", async () => {
    const { uid, resourceVersion } = await createdPool(external);
    await mergePatch(
      world.connection,
      { resource: poolResource, name: "external-pool" },
      { spec: { natOutgoing: false } },
    );
    const answer = await world.send(one, "PATCH", "pools/external-pool", {
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
    const { uid, resourceVersion } = await createdPool(external);
    await removeObject(world.connection, { resource: poolResource, name: "external-pool" });
    await create(external);
    const answer = await world.send(one, "PATCH", "pools/external-pool", {
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
    const { uid, resourceVersion } = await createdPool(external);
    const answer = await world.send(one, "PATCH", "pools/external-pool", { uid, resourceVersion, ...fields });
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
    const answer = await world.send(one, "PATCH", "pools/odd", { uid, resourceVersion, disabled: true });
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
    expect(await world.send(one, "PATCH", "pools/owned", { ...seen, disabled: true })).toMatchObject({
      status: 409,
      body: { code: "managed" },
    });
    expect(await world.send(one, "DELETE", "pools/owned", { ...seen, confirm: "owned" })).toMatchObject({
      status: 409,
      body: { code: "managed" },
    });
  });

  test("a pool that is not there", async () => {
    const answer = await world.send(one, "PATCH", "pools/none", {
      uid: "u",
      resourceVersion: "1",
      disabled: true,
    });
    expect(answer).toMatchObject({ status: 404, body: { code: "not-found" } });
  });

  test("opposite toggles by two people: every write is one person's, none is lost silently", async () => {
    await createdPool(external);
    const toggle = async (disabled: boolean) => {
      const { metadata } = (await world.stored("pool", "external-pool")) as {
        metadata: { uid: string; resourceVersion: string };
      };
      return world.send(one, "PATCH", "pools/external-pool", {
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
});

describe("delete", () => {
  const seen = ({ uid, resourceVersion, name }: Pool) => ({ uid, resourceVersion, confirm: name });
  const block = (cidr: string, node: string) => ({
    apiVersion: "crd.projectcalico.org/v1",
    kind: "IPAMBlock",
    metadata: { name: cidr.replaceAll(/[./]/g, "-") },
    spec: {
      cidr,
      affinity: `host:${node}`,
      allocations: Array<number | null>(64).fill(null),
      unallocated: Array.from({ length: 64 }, (_, ordinal) => ordinal),
      attributes: [] as object[],
      sequenceNumber: 12,
      deleted: false,
      strictAffinity: false,
    },
  });
  const affinity = (cidr: string, node: string) => ({
    apiVersion: "crd.projectcalico.org/v1",
    kind: "BlockAffinity",
    metadata: { name: `${node}-${cidr.replaceAll(/[./]/g, "-")}` },
    spec: { cidr, node, state: "confirmed", type: "host", deleted: "false" },
  });
  const addBlock = async (cidr: string, node: string, change?: (raw: ReturnType<typeof block>) => void) => {
    const raw = block(cidr, node);
    change?.(raw);
    await createObject(world.connection, { resource: blockResource }, raw);
    await createObject(
      world.connection,
      { resource: { ...blockResource, plural: "blockaffinities" } },
      affinity(cidr, node),
    );
  };
  const count = async (plural: string) =>
    (
      (await world.connection.request({
        method: "GET",
        path: `/apis/crd.projectcalico.org/v1/${plural}`,
      })) as { items: unknown[] }
    ).items.length;

  test("disable, wait, release the empty blocks, delete: in that order, and nothing is left", async () => {
    const before = await createdPool(external);
    const [blocks, affinities] = [await count("ipamblocks"), await count("blockaffinities")];
    await addBlock("10.64.0.64/26", "s666dan4151");
    await addBlock("10.64.1.128/26", "s666dan4152");
    const { status, body } = await world.send(one, "DELETE", "pools/external-pool", seen(before));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      steps: [
        { name: "check", outcome: "done" },
        { name: "disable", outcome: "done" },
        { name: "wait", outcome: "done" },
        { name: "releaseAffinities", outcome: "done", detail: expect.stringMatching(/^2 /) },
        { name: "delete", outcome: "done" },
      ],
    });
    expect(await names()).toEqual(["default-ipv4-ippool"]);
    expect([await count("ipamblocks"), await count("blockaffinities")]).toEqual([blocks, affinities]);
    expect(world.inventory.space.pools.get("", "external-pool")).toBeNull();
  });

  test("a dry run plans the steps and does none of them", async () => {
    const before = await createdPool(external);
    await addBlock("10.64.0.64/26", "s666dan4151");
    const { body } = await world.send(one, "DELETE", "pools/external-pool?dryRun=true", seen(before));
    expect(body).toMatchObject({
      steps: [
        { outcome: "done" },
        { outcome: "planned" },
        { outcome: "planned" },
        { outcome: "planned" },
        { outcome: "planned" },
      ],
    });
    expect(await world.stored("pool", "external-pool")).not.toHaveProperty("spec.disabled");
  });

  test("with an address in use nothing is done", async () => {
    const before = await createdPool(external);
    await addBlock("10.64.0.64/26", "s666dan4151", ({ spec }) => {
      spec.allocations[3] = 0;
      spec.unallocated = spec.unallocated.filter((ordinal) => ordinal !== 3);
      spec.attributes.push({
        handle_id: "k8s-pod-network.abc",
        secondary: { pod: "web", namespace: "shop", node: "s666dan4151" },
      });
    });
    const answer = await world.send(one, "DELETE", "pools/external-pool", seen(before));
    expect(answer).toMatchObject({
      status: 409,
      body: { code: "in-use", detail: expect.stringContaining("1 pod") },
    });
    expect(await world.stored("pool", "external-pool")).not.toHaveProperty("spec.disabled");
  });

  test.each([
    ["another name typed", (body: ReturnType<typeof seen>) => ({ ...body, confirm: "external" }), 422],
    ["an older version seen", (body: ReturnType<typeof seen>) => ({ ...body, resourceVersion: "1" }), 409],
    ["another object seen", (body: ReturnType<typeof seen>) => ({ ...body, uid: "x" }), 409],
  ])("%s: nothing is done", async (_, change, status) => {
    const before = await createdPool(external);
    expect(await world.send(one, "DELETE", "pools/external-pool", change(seen(before)))).toMatchObject({
      status,
    });
    expect(await world.stored("pool", "external-pool")).not.toBeNull();
  });
});

describe("when the API server fails or says no", () => {
  const change = async (fault: Parameters<WriteWorld["api"]["faults"]["add"]>[0]) => {
    const { uid, resourceVersion } = await createdPool(external);
    world.api.faults.add({ resource: "ippools", verb: "patch", ...fault });
    return world.send(one, "PATCH", "pools/external-pool", { uid, resourceVersion, disabled: true });
  };

  test.each([
    ["the connection is cut", { kind: "reset" }],
    ["its storage fails", { kind: "status", code: 500 }],
  ] as const)("%s: nobody claims to know, what stands there now is shown", async (_, fault) => {
    expect(await change(fault)).toMatchObject({
      status: 504,
      body: { code: "outcome-unknown", current: { name: "external-pool" } },
    });
  });

  test("a write without an answer is not sent again", async () => {
    await change({ kind: "reset", times: 1 });
    // Had it been sent twice, the second would have gone through.
    expect(await world.stored("pool", "external-pool")).not.toHaveProperty("spec.disabled");
  });

  test("it has no time: said so, and when to come again", async () => {
    expect(await change({ kind: "status", code: 429, retryAfter: 7 })).toMatchObject({ status: 502 });
  });

  test("an unknown creation is told as such, and the rest is not tried", async () => {
    world.api.faults.add({ kind: "status", code: 504, verb: "create", resource: "ippools", times: 1 });
    const { results } = await create(`${external}---${internal}`);
    expect(results).toMatchObject([
      { outcome: "unknown", problem: { code: "outcome-unknown" } },
      { outcome: "skipped" },
    ]);
  });

  test("a delete that fails half-way tells how far it came", async () => {
    const { uid, resourceVersion, name } = await createdPool(external);
    world.api.faults.add({ kind: "status", code: 503, verb: "delete", resource: "ippools" });
    const answer = await world.send(one, "DELETE", "pools/external-pool", {
      uid,
      resourceVersion,
      confirm: name,
    });
    expect(answer).toMatchObject({ status: 200 });
    const { steps } = answer.body as { steps: { name: string; outcome: string }[] };
    expect(steps.map(({ outcome }) => outcome)).toEqual(["done", "done", "done", "done", "unknown"]);
    expect(await world.stored("pool", "external-pool")).toMatchObject({ spec: { disabled: true } });
  });
});
