import { afterEach, beforeEach, expect, test } from "vitest";
import * as namespaces from "../../../app/api/v1/namespaces/[name]/route.ts";
import { servedKind } from "../../calico/dialect.ts";
import type { Pool } from "../../contract/pools.ts";
import { mergePatch } from "../../kube/objects.ts";
import { external, type PoolWorld, startPoolWorld } from "../write/testing-pools.ts";
import { until } from "../write/testing.ts";
import { openActivityStore } from "./store.ts";
import { listed, readEntry, undo } from "./testing.ts";

const poolResource = servedKind("crd-v1", "IPPool");

let world: PoolWorld;
beforeEach(async () => {
  openActivityStore(null);
  world = await startPoolWorld();
});
afterEach(() => world.stop());

const seen = ({ uid, resourceVersion }: Pool) => ({ uid, resourceVersion });

/** Disables the pool, and no answer comes. */
async function disableUnheard(kind: "lost-answer" | "reset"): Promise<string> {
  const pool = await world.createdPool(external);
  world.api.faults.add({ kind, resource: "ippools", verb: "patch", times: 1 });
  const { status, body } = await world.write("PATCH", pool.name, { ...seen(pool), disabled: true });
  expect(status).toBe(504);
  return (body as { requestId: string }).requestId;
}

const byKubectl = (spec: object, fieldManager = "kubectl-patch") =>
  mergePatch(world.connection, { resource: poolResource, name: "external-pool" }, { spec }, { fieldManager });

const entry = async (id: string) => (await readEntry(id)).body as Awaited<ReturnType<typeof listed>>[number];
const settled = (id: string) => until(async () => (await entry(id)).result === "done");

test("a write that happened without an answer is done once it is read back: watched, and taken back", async () => {
  const id = await disableUnheard("lost-answer");
  await settled(id);
  expect(await entry(id)).toMatchObject({
    action: "disable",
    status: 504,
    code: null,
    detail: "No answer came in time; read back since, it is as was asked for.",
    undo: { possible: true },
    watch: { verdict: null },
  });
  // Whoever looks for what was done finds it.
  expect((await listed("?result=done&object=external-pool"))[0]?.id).toBe(id);
  expect(await listed("?result=unknown")).toEqual([]);
  await until(async () => (await entry(id)).event !== null);
  expect(await undo(id)).toMatchObject({ status: 200, body: { pool: { disabled: false } } });
  expect(await entry(id)).toMatchObject({ watch: { verdict: "reverted" }, undo: { possible: false } });
});

test("an undo without an answer is an undo", async () => {
  const pool = await world.createdPool(external);
  await world.write("PATCH", pool.name, { ...seen(pool), natOutgoing: false });
  const [first] = await listed();
  world.api.faults.add({ kind: "lost-answer", resource: "ippools", verb: "patch", times: 1 });
  expect(await undo(first?.id ?? "")).toMatchObject({ status: 504 });
  const [second] = await listed();
  await settled(second?.id ?? "");
  expect(await entry(first?.id ?? "")).toMatchObject({
    undo: { possible: false, undoneBy: second?.id },
    watch: { verdict: "reverted" },
  });
});

test.each<[string, () => Promise<unknown>]>([
  ["nothing happens", async () => {}],
  ["somebody else does the same with kubectl", () => byKubectl({ disabled: true })],
  [
    "somebody else does the same through us",
    async () => {
      const { metadata } = (await world.stored("pool", "external-pool")) as { metadata: Pool };
      const answer = await world.write("PATCH", "external-pool", { ...seen(metadata), disabled: true });
      expect(answer).toMatchObject({ status: 200 });
    },
  ],
  ["somebody changes something else", () => byKubectl({ natOutgoing: false }, "poolboard")],
])("a write that did not happen stays unknown when %s", async (_name, act) => {
  const id = await disableUnheard("reset");
  await act();
  const { metadata } = (await world.stored("pool", "external-pool")) as { metadata: Pool };
  await until(
    () => world.inventory.space.pools.get("", "external-pool")?.revision === metadata.resourceVersion,
  );
  world.inventory.changes.touch("activity");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await entry(id)).toMatchObject({ result: "unknown", undo: null, watch: null });
});

test("the pools of a namespace: read back, and taken back", async () => {
  await world.createdPool(external);
  const { metadata } = (await world.stored("namespace", "default")) as { metadata: Pool };
  world.api.faults.add({ kind: "lost-answer", resource: "namespaces", verb: "patch", times: 1 });
  const change = { ...seen(metadata), ipv4pools: ["external-pool"] };
  expect(await world.send(namespaces, "PATCH", "namespaces/default", change)).toMatchObject({ status: 504 });
  const id = (await listed())[0]?.id ?? "";
  await settled(id);
  expect(await entry(id)).toMatchObject({ action: "assign", undo: { possible: true }, watch: null });
});

test("the same pools, given to the namespace by somebody else through us, are theirs", async () => {
  await world.createdPool(external);
  const { metadata } = (await world.stored("namespace", "default")) as { metadata: Pool };
  world.api.faults.add({ kind: "reset", resource: "namespaces", verb: "patch", times: 1 });
  const change = { ...seen(metadata), ipv4pools: ["external-pool"] };
  expect(await world.send(namespaces, "PATCH", "namespaces/default", change)).toMatchObject({ status: 504 });
  const id = (await listed())[0]?.id ?? "";
  expect(await world.send(namespaces, "PATCH", "namespaces/default", change)).toMatchObject({ status: 200 });
  // Longer than it takes until a write is in the log.
  await new Promise((resolve) => setTimeout(resolve, 2_800));
  expect(await entry(id)).toMatchObject({ result: "unknown", undo: null });
});
