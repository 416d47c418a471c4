import { servedKind } from "../../calico/dialect.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as all from "../../../app/api/v1/pools/route.ts";
import { PoolCreateResults } from "../../contract/pools.ts";
import { createObject } from "../../kube/objects.ts";
import { until } from "./testing.ts";
import { external, internal, type PoolWorld, startPoolWorld } from "./testing-pools.ts";

const blockResource = servedKind("crd-v1", "IPAMBlock");

let world: PoolWorld;
beforeEach(async () => {
  world = await startPoolWorld();
});
afterEach(() => world.stop());

/** The smallest document with these spec lines. */
const pool = (name: string, ...lines: string[]) =>
  `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: { name: ${name} }\nspec:\n${lines.map((line) => `  ${line}\n`).join("")}`;

test("the tutorial's two documents, with the defaults that Calico's client stores", async () => {
  const { results } = await world.create(`${external}---${internal}`);
  expect(results.map(({ index, name, outcome }) => [index, name, outcome])).toEqual([
    [0, "external-pool", "created"],
    [1, "internal-pool", "created"],
  ]);
  expect(results[0]?.pool).toMatchObject({
    cidr: "10.64.0.0/20",
    usage: { capacity: "4096", inUse: "0" },
    natOutgoing: true,
  });
  const stored = (await world.pools()).find(({ metadata }) => metadata.name === "external-pool");
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
  const { results } = await world.create(`${external}---${internal}`, { dryRun: true });
  expect(results.map(({ outcome }) => outcome)).toEqual(["valid", "valid"]);
  expect(await world.names()).toEqual(["default-ipv4-ippool"]);
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
  ["block size 33", pool("a", "cidr: 10.64.0.0/20", "blockSize: 33"), "spec.blockSize", /between 20 and 32/],
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
  ["yes", pool("a", "cidr: 10.64.0.0/20", "natOutgoing: yes"), "spec.natOutgoing", /different YAML readers/],
  [
    "no name",
    "apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {}\nspec: { cidr: 10.64.0.0/20 }",
    "metadata.name",
    /./,
  ],
  ["a name that climbs", pool("..", "cidr: 10.64.0.0/20"), "metadata.name", /./],
  ["another kind", "apiVersion: v1\nkind: Namespace\nmetadata: { name: a }", "kind", /IPPool/],
])("%s: refused by field, nothing written", async (_, manifest, field, message) => {
  const { results } = await world.create(manifest);
  expect(results[0]?.outcome).toBe("refused");
  const found = results[0]?.problem?.errors?.find((error) => error.field === field);
  expect(found?.message, JSON.stringify(results[0]?.problem)).toMatch(message);
  expect(await world.names()).toEqual(["default-ipv4-ippool"]);
});

test("documents of one manifest must not overlap each other", async () => {
  const { results } = await world.create(`${external}---\n${pool("twin", "cidr: 10.64.8.0/24")}`, {
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
  const { results } = await world.create(external);
  expect(results[0]?.problem?.errors).toEqual([expect.objectContaining({ field: "spec.blockSize" })]);
});

test("after a refusal the rest is skipped, unless the person wants to go on", async () => {
  const manifest = `${pool("bad", "cidr: x")}---${external}---${internal}`;
  const stopped = await world.create(manifest);
  expect(stopped.results.map(({ outcome }) => outcome)).toEqual(["refused", "skipped", "skipped"]);
  expect(await world.names()).toEqual(["default-ipv4-ippool"]);
  const wentOn = await world.create(manifest, { onError: "continue" });
  expect(wentOn.results.map(({ outcome }) => outcome)).toEqual(["refused", "created", "created"]);
});

test("a name that is taken", async () => {
  const { results } = await world.create(pool("default-ipv4-ippool", "cidr: 10.64.0.0/20"));
  expect(results[0]?.problem).toMatchObject({ status: 409, code: "already-exists" });
});

test.each([
  ["not YAML", "a: [", 400],
  ["nothing", "\n# nothing\n", 422],
  ["no map", "hello", 422],
])("%s: no document could be read", async (_, manifest, status) => {
  expect((await world.create(manifest)).status).toBe(status);
});

test("what an export carries is left out with a word", async () => {
  const { results } = await world.create(
    `${external}status: {}\n`.replace("metadata:", "metadata:\n  uid: 1234\n  creationTimestamp: null"),
  );
  expect(results[0]).toMatchObject({
    outcome: "created",
    warnings: [expect.stringContaining("status"), expect.stringContaining("uid")],
  });
});

test("a network that holds a node's own address is taken with a warning", async () => {
  const [node] = [...world.inventory.nodes.table];
  const address = node?.addresses.find((text) => !text.includes(":")) ?? "";
  const { results } = await world.create(pool("near", `cidr: ${address}/32`, "blockSize: 32"), {
    dryRun: true,
  });
  expect(results[0]).toMatchObject({
    outcome: "valid",
    warnings: [expect.stringContaining(`${address} of ${node?.name}`)],
  });
});
