import { afterEach, describe, expect, test, vi } from "vitest";
import { type ApiMode, servedKind, typeOf } from "../../calico/dialect.ts";
import { parseLossless, stringifyLossless } from "../../calico/lossless-json.ts";
import { toRawAffinity, toRawBlock } from "../../calico/to-raw.ts";
import type { Pool } from "../../contract/pools.ts";
import { parseCidr } from "../../ipam/cidr.ts";
import { attribute, newBlock } from "../../ipam/block-ops.ts";
import { createObject, mergePatch } from "../../kube/objects.ts";
import { readPoolImpact } from "../read/pool-impact.ts";
import { external, type PoolWorld, startPoolWorld } from "./testing-pools.ts";

/** The same writes on each of the three ways in which a cluster serves Calico's objects. */

let world: PoolWorld;
afterEach(() => world.stop());

const node = "s666dan4151";
const seen = ({ uid, resourceVersion, name }: Pool) => ({ uid, resourceVersion, confirm: name });
const until = (isTrue: () => boolean) =>
  vi.waitFor(() => expect(isTrue()).toBe(true), { timeout: 4_000, interval: 10 });
const rowOf = (name: string) => world.inventory.space.pools.get("", name);
/** Once the pool controller, where there is one, has judged it. */
const judged = async (pool: Pool, mode: ApiMode): Promise<Pool> => {
  if (mode === "native-v3") await until(() => Boolean(rowOf(pool.name)?.pool.allocatable));
  return { ...pool, resourceVersion: rowOf(pool.name)?.revision ?? "" };
};

/** An empty block of the node, or one with an address in use. */
async function addBlock(mode: ApiMode, text: string, inUse = false): Promise<void> {
  const { cidr } = parseCidr(text);
  const owner = { type: "host", name: node } as const;
  const empty = newBlock(cidr, owner, 1_787_400_005_123_456_795n);
  const taken = {
    ...empty,
    allocations: empty.allocations.map((_, ordinal) => (ordinal === 0 ? 0 : null)),
    queue: empty.queue.slice(1),
    attributes: [attribute("k8s-pod-network.a", { namespace: "default", pod: "p", node })],
  };
  const affinity = { owner, cidr, state: "confirmed", deleted: false, revision: null } as const;
  const block = toRawBlock(inUse ? taken : empty, mode);
  const codec = { parse: parseLossless, stringify: (value: unknown) => stringifyLossless(value) };
  await createObject(world.connection, { resource: servedKind(mode, "IPAMBlock") }, block, { codec });
  const claim = toRawAffinity(affinity, mode);
  await createObject(world.connection, { resource: servedKind(mode, "BlockAffinity") }, claim);
  await until(() => world.inventory.space.blocks.get("", block.metadata.name) !== null);
}

const left = async (mode: ApiMode) => {
  const kinds = ["IPAMBlock", "BlockAffinity"] as const;
  return Promise.all(kinds.map((kind) => world.count(servedKind(mode, kind))));
};
const kindsOf = async (name: string, action: "delete") =>
  (await readPoolImpact(world.inventory, name, action, world.connection)).statements.map(({ kind }) => kind);
const outcomes = (body: unknown) =>
  (body as { steps: { name: string; outcome: string }[] }).steps.map(
    ({ name, outcome }) => `${name} ${outcome}`,
  );

const clientSteps = ["check done", "disable done", "wait done", "releaseAffinities done", "delete done"];
const modes: readonly { mode: ApiMode; apiVersion: string; deleteSteps: readonly string[] }[] = [
  { mode: "crd-v1", apiVersion: "crd.projectcalico.org/v1", deleteSteps: clientSteps },
  { mode: "aggregated-v3", apiVersion: "projectcalico.org/v3", deleteSteps: ["check done", "delete done"] },
  { mode: "native-v3", apiVersion: "projectcalico.org/v3", deleteSteps: ["check done", "delete done"] },
];

describe.each(modes)("$mode", ({ mode, apiVersion, deleteSteps }) => {
  test("a pool is created with the defaults of Calico's client, in the dialect of the cluster", async () => {
    world = await startPoolWorld(undefined, mode);
    await world.createdPool(external);
    expect(typeOf(mode, "IPPool").apiVersion).toBe(apiVersion);
    expect(await world.stored("pool", "external-pool")).toMatchObject({
      apiVersion,
      spec: {
        cidr: "10.64.0.0/20",
        blockSize: 26,
        allowedUses: ["Workload", "Tunnel"],
        assignmentMode: "Automatic",
        nodeSelector: "all()",
        natOutgoing: true,
      },
    });
  });

  test("what the cluster's own rules leave out is refused by field", async () => {
    world = await startPoolWorld(undefined, mode);
    await addBlock(mode, "10.99.0.0/28");
    const refused = async (spec: object) => {
      const document = { apiVersion: "projectcalico.org/v3", kind: "IPPool", metadata: { name: "p" }, spec };
      const { results } = await world.create(JSON.stringify(document));
      return results[0]?.problem?.errors?.map(({ field }) => field);
    };
    expect(await refused({ cidr: "10.255.8.0/24" })).toEqual(["spec.cidr"]);
    expect(await refused({ cidr: "10.99.0.0/24" })).toEqual(["spec.blockSize"]);
    expect(await refused({ cidr: "10.98.0.0/24", nodeSelector: "a ==" })).toEqual(["spec.nodeSelector"]);
    expect(await refused({ cidr: "10.98.0.0/24", namespaceSelector: "a == 'b'" })).toEqual([
      "spec.namespaceSelector",
    ]);
    expect(await world.names()).toEqual(["default-ipv4-ippool"]);
  });

  test("disable and enable: the block size stays, the pool is read back", async () => {
    world = await startPoolWorld(undefined, mode);
    const pool = await judged(await world.createdPool(external), mode);
    const off = await world.write("PATCH", pool.name, { ...seen(pool), confirm: undefined, disabled: true });
    expect(off).toMatchObject({ status: 200, body: { disabled: true, blockSize: 26 } });
    expect(await world.stored("pool", pool.name)).toMatchObject({ spec: { disabled: true, blockSize: 26 } });
  });

  test("an unused pool is deleted with its blocks", async () => {
    world = await startPoolWorld(undefined, mode);
    const before = await left(mode);
    const pool = await judged(await world.createdPool(external), mode);
    await addBlock(mode, "10.64.0.64/26");
    const { status, body } = await world.write("DELETE", pool.name, seen(pool));
    expect([status, outcomes(body)]).toEqual([200, deleteSteps]);
    expect(await world.names()).toEqual(["default-ipv4-ippool"]);
    expect(await left(mode)).toEqual(before);
  });

  test("another version than the one seen is refused, nothing is deleted", async () => {
    world = await startPoolWorld(undefined, mode);
    const pool = await world.createdPool(external);
    await judged(pool, mode);
    const answer = await world.write("DELETE", pool.name, { ...seen(pool), resourceVersion: "1" });
    expect(answer).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(await world.names()).toContain(pool.name);
  });
});

describe("where the pool controller is at work", () => {
  test("a pool in use is held at Terminating until its last block is gone", async () => {
    world = await startPoolWorld(undefined, "native-v3");
    const pool = await judged(await world.createdPool(external), "native-v3");
    await addBlock("native-v3", "10.64.0.64/26", true);
    const { body } = await world.write("DELETE", pool.name, seen(pool));
    expect(body).toMatchObject({
      terminating: true,
      steps: [
        { name: "check", detail: expect.stringMatching(/^Addresses are in use: 1 pod\./) },
        { name: "delete", outcome: "done", detail: expect.stringMatching(/goes once no block/) },
      ],
    });
    await until(() => rowOf(pool.name)?.pool.deleting === true);
    expect(await world.stored("pool", pool.name)).toHaveProperty("metadata.deletionTimestamp");
  });

  test("nobody takes the blocks of a disabled pool back, so we do", async () => {
    world = await startPoolWorld(undefined, "native-v3");
    const before = await left("native-v3");
    const pool = await judged(
      await world.createdPool(external.replace("spec:", "spec:\n  disabled: true")),
      "native-v3",
    );
    await addBlock("native-v3", "10.64.0.64/26");
    const { body } = await world.write("DELETE", pool.name, seen(pool));
    expect(outcomes(body)).toEqual(clientSteps);
    expect(await left("native-v3")).toEqual(before);
  });

  test("an overlapping pool goes without touching the blocks of the pool that has the range", async () => {
    world = await startPoolWorld(undefined, "native-v3");
    const pool = await judged(await world.createdPool(external), "native-v3");
    await addBlock("native-v3", "10.64.0.64/26", true);
    const before = await left("native-v3");
    const spec = { cidr: "10.64.0.0/24", blockSize: 26 };
    const loser = { ...typeOf("native-v3", "IPPool"), metadata: { name: "a-loser" }, spec };
    await createObject(world.connection, { resource: servedKind("native-v3", "IPPool") }, loser);
    await until(() => rowOf("a-loser")?.pool.allocatable?.reason === "CIDROverlap");
    expect(await kindsOf("a-loser", "delete")).not.toContain("removed");
    expect(await kindsOf("external-pool", "delete")).toContain("poolState");
    const row = rowOf("a-loser");
    const { body } = await world.write("DELETE", "a-loser", {
      uid: row?.uid,
      resourceVersion: row?.revision,
      confirm: "a-loser",
    });
    expect(outcomes(body)).toEqual(clientSteps);
    expect([await left("native-v3"), await world.names()]).toEqual([
      before,
      ["default-ipv4-ippool", pool.name],
    ]);
  });

  test("the preview says which other pool gets the range, and that enabling does not take it back", async () => {
    world = await startPoolWorld(undefined, "native-v3");
    const pool = await judged(await world.createdPool(external), "native-v3");
    const resource = servedKind("native-v3", "IPPool");
    const spec = { cidr: "10.64.0.0/24", blockSize: 26 };
    const second = { ...typeOf("native-v3", "IPPool"), metadata: { name: "second" }, spec };
    await createObject(world.connection, { resource }, second);
    await until(() => rowOf("second")?.pool.allocatable?.reason === "CIDROverlap");
    const states = async (action: "disable" | "enable" | "delete") =>
      (await readPoolImpact(world.inventory, pool.name, action, world.connection)).statements
        .filter(({ kind }) => kind === "poolState")
        .map(({ subject, detail }) => `${subject.name} ${detail}`);
    expect(await states("disable")).toEqual([
      "second no longer overlaps an enabled pool and starts giving addresses",
    ]);
    await mergePatch(world.connection, { resource, name: pool.name }, { spec: { disabled: true } });
    await until(() => rowOf("second")?.pool.allocatable?.status === "True");
    expect(await states("enable")).toEqual([
      "external-pool does not get its range back: second has it, and external-pool stays at CIDROverlap",
    ]);
  });
});

describe("behind Calico's API server", () => {
  test("a patch that it gave up, and calls a success, is told as the conflict that it is", async () => {
    world = await startPoolWorld(undefined, "aggregated-v3");
    const pool = await world.createdPool(external);
    const body = { ...seen(pool), confirm: undefined, disabled: true };
    world.api.faults.add({ kind: "lost-patch", verb: "patch", resource: "ippools", times: 1 });
    const answer = await world.write("PATCH", pool.name, body);
    expect(answer).toMatchObject({
      status: 409,
      body: { code: "conflict", current: { name: pool.name, disabled: false } },
    });
    expect(await world.write("PATCH", pool.name, body)).toMatchObject({ status: 200 });
  });

  test("while it is down nothing is written, and what is wrong is said", async () => {
    world = await startPoolWorld(undefined, "aggregated-v3");
    const pool = await world.createdPool(external);
    world.api.faults.aggregatedDown = true;
    const answer = await world.write("DELETE", pool.name, seen(pool));
    expect(answer).toMatchObject({ status: 502, body: { code: "upstream" } });
    world.api.faults.aggregatedDown = false;
    expect(await world.stored("pool", pool.name)).toMatchObject({ metadata: { uid: pool.uid } });
  });

  test("the label by which the operator owns a pool is seen, though the v1 object hides it", async () => {
    world = await startPoolWorld(undefined, "aggregated-v3");
    const metadata = { name: "owned", labels: { "app.kubernetes.io/managed-by": "tigera-operator" } };
    const resource = servedKind("aggregated-v3", "IPPool");
    const raw = { ...typeOf("aggregated-v3", "IPPool"), metadata, spec: { cidr: "10.64.0.0/20" } };
    await createObject(world.connection, { resource }, raw);
    await until(() => rowOf("owned") !== null);
    const row = rowOf("owned");
    const body = { uid: row?.uid, resourceVersion: row?.revision, disabled: true };
    expect(await world.write("PATCH", "owned", body)).toMatchObject({
      status: 409,
      body: { code: "managed" },
    });
  });
});
