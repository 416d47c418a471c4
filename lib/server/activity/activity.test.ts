import { afterEach, beforeEach, expect, test } from "vitest";
import * as namespaces from "../../../app/api/v1/namespaces/[name]/route.ts";
import { servedKind } from "../../calico/dialect.ts";
import type { Pool } from "../../contract/pools.ts";
import type { Problem } from "../../contract/problem.ts";
import { forbid, inventoryOf } from "../../inventory/testing.ts";
import { systemClock } from "../../kube/clock.ts";
import { listAll, mergePatch } from "../../kube/objects.ts";
import { readPoolEvents } from "../read/pool-events.ts";
import { configure } from "../testing.ts";
import { external, internal, type PoolWorld, startPoolWorld } from "../write/testing-pools.ts";
import { until } from "../write/testing.ts";
import { listActivity, readActivity, wholeActivity } from "./list.ts";
import { openActivityStore } from "./store.ts";
import { csv, listed, readEntry, undo } from "./testing.ts";

const poolResource = servedKind("crd-v1", "IPPool");

let world: PoolWorld;
beforeEach(async () => {
  openActivityStore(null);
  world = await startPoolWorld();
});
afterEach(() => world.stop());

const seen = ({ uid, resourceVersion }: Pool) => ({ uid, resourceVersion });

/** As kubectl would: no question asked. */
const byKubectl = (spec: object, name = "external-pool") =>
  mergePatch(world.connection, { resource: poolResource, name }, { spec }, { fieldManager: "kubectl-patch" });

async function disabled(): Promise<Pool> {
  const pool = await world.createdPool(external);
  const { status, body } = await world.write("PATCH", pool.name, { ...seen(pool), disabled: true });
  expect(status).toBe(200);
  return body as Pool;
}

test("what was done: object, fields before and after, versions, how", async () => {
  const before = await world.createdPool(external);
  const after = (await world.write("PATCH", before.name, { ...seen(before), disabled: true })).body as Pool;
  const [change, creation] = await listed();
  expect(change).toMatchObject({
    how: "anonymous",
    user: null,
    cluster: world.connection.name,
    action: "disable",
    object: { kind: "IPPool", name: "external-pool", uid: before.uid },
    from: { disabled: false },
    to: { disabled: true },
    resourceVersion: { before: before.resourceVersion, after: after.resourceVersion },
    result: "done",
    dryRun: false,
    status: 200,
    code: null,
    undo: { possible: true, reason: null },
    watch: { verdict: null },
  });
  expect(change?.id).toBe(change?.requestId);
  expect(creation).toMatchObject({
    action: "create",
    object: { uid: before.uid },
    from: null,
    to: { cidr: "10.64.0.0/20", blockSize: 26, vxlanMode: "CrossSubnet" },
    undo: { possible: false },
  });
});

test.each<[string, () => Promise<unknown>, object]>([
  [
    "a dry run",
    async () => {
      const pool = await world.createdPool(external);
      await world.write("PATCH", `${pool.name}?dryRun=true`, { ...seen(pool), natOutgoing: false });
    },
    {
      result: "dryRun",
      dryRun: true,
      from: { natOutgoing: true },
      to: { natOutgoing: false },
      undo: null,
      watch: null,
    },
  ],
  [
    "a conflict",
    async () => {
      const pool = await world.createdPool(external);
      await byKubectl({ natOutgoing: false });
      await world.write("PATCH", pool.name, { ...seen(pool), disabled: true });
    },
    {
      result: "conflict",
      status: 409,
      code: "conflict",
      action: "disable",
      to: { disabled: true },
      undo: null,
    },
  ],
  [
    "a field that breaks a rule",
    async () => {
      const pool = await world.createdPool(external);
      await world.write("PATCH", pool.name, { ...seen(pool), nodeSelector: "all((" });
    },
    { result: "refused", status: 422, action: "update", to: { nodeSelector: "all((" } },
  ],
  [
    "a body that says nothing",
    async () => world.write("PATCH", "external-pool", {}),
    { result: "refused", object: { kind: "IPPool", name: "external-pool" }, code: "invalid-fields" },
  ],
  [
    "a server that changes nothing",
    async () => {
      const pool = await world.createdPool(external);
      configure({ connection: world.connection, readOnly: true }, world.inventory);
      await world.write("PATCH", pool.name, { ...seen(pool), disabled: true });
    },
    { result: "denied", status: 403, code: "read-only", object: { kind: "IPPool", name: "external-pool" } },
  ],
  [
    "a name that is taken",
    async () => {
      await world.createdPool(external);
      await world.create(external);
    },
    { result: "conflict", code: "already-exists", object: { kind: "IPPool", name: "external-pool" } },
  ],
])("%s is kept as what it was", async (_name, act, expected) => {
  await act();
  const [entry] = await listed("?dryRun=true");
  expect(entry).toMatchObject(expected);
});

test("each document of several is an entry of its own, of one request", async () => {
  const odd = external.replace("external-pool", "odd").replace("10.64.0.0/20", "10.64.0.1/20");
  await world.create([external, odd, internal].join("---"), { onError: "continue" });
  const entries = await listed("?sort=object");
  expect(entries.map(({ object, result, code }) => [object?.name, result, code])).toEqual([
    ["external-pool", "done", null],
    ["internal-pool", "done", null],
    ["odd", "refused", "invalid-fields"],
  ]);
  expect(new Set(entries.map(({ requestId }) => requestId)).size).toBe(1);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(3);
  for (const { id } of entries) expect((await readEntry(id)).body).toMatchObject({ id });
});

test("filters apply together; dry runs only where they are asked for", async () => {
  const pool = await disabled();
  await world.write("PATCH", `${pool.name}?dryRun=true`, { ...seen(pool), disabled: false });
  await world.write("PATCH", "nobody", { ...seen(pool), disabled: false });
  const names = async (query: string) =>
    (await listed(query)).map(({ action, result }) => `${action} ${result}`);
  expect(await names("")).toEqual(["enable refused", "disable done", "create done"]);
  expect(await names("?dryRun=true")).toHaveLength(4);
  expect(await names("?action=disable&object=external-pool&kind=IPPool&result=done")).toEqual([
    "disable done",
  ]);
  expect(await names("?result=dryRun")).toEqual(["enable dryRun"]);
  expect(await names("?q=NOBODY%20not-found")).toEqual(["enable refused"]);
  expect(await names("?kind=Namespace")).toEqual([]);
  expect(await names("?to=2020-01-01T00:00:00Z")).toEqual([]);
  expect(await names("?sort=action&limit=1&offset=1")).toEqual(["disable done"]);
});

test("CSV has the whole list, and nothing in it that a spreadsheet would run", async () => {
  const pool = await world.createdPool(external);
  await world.write("PATCH", pool.name, { ...seen(pool), nodeSelector: "=cmd()" });
  await world.write("PATCH", "-2+3", { ...seen(pool), disabled: true });
  const lines = (await csv()).trimEnd().split("\r\n");
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^Time,Person,How,Client,/);
  expect(lines[1]).toContain(",'-2+3,");
  expect(await csv("&user=nobody")).toBe(`${lines[0]}\r\n`);
});

test("an undo writes what was there before, leaves its own entry, and works once", async () => {
  await disabled();
  const [first] = await listed();
  const id = first?.id ?? "";
  expect(await undo(id, "?dryRun=true")).toMatchObject({ status: 200, body: { pool: { disabled: false } } });
  expect(await world.stored("pool", "external-pool")).toMatchObject({ spec: { disabled: true } });
  expect(await undo(id)).toMatchObject({
    status: 200,
    body: { undoes: id, pool: { disabled: false }, note: null },
  });
  expect(await world.stored("pool", "external-pool")).toMatchObject({ spec: { disabled: false } });
  const [second, again] = await listed();
  expect(second).toMatchObject({
    action: "undo",
    undoes: id,
    from: { disabled: true },
    to: { disabled: false },
  });
  expect(again).toMatchObject({
    id,
    undo: {
      possible: false,
      undoneBy: second?.id,
      reason: expect.stringMatching(/^Somebody.* took it back already/),
    },
    watch: { verdict: "reverted", text: expect.stringMatching(/took it back after/) },
  });
  const title = "It has been taken back already";
  expect(await undo(id)).toMatchObject({ status: 409, body: { code: "conflict", title } });
  expect((await listed())[0]).toMatchObject({ action: "undo", result: "conflict", undoes: id });
  // And the undo itself can be taken back.
  expect(await undo(second?.id ?? "")).toMatchObject({ status: 200, body: { pool: { disabled: true } } });
});

test("an undo is refused when the pool has moved on, with what stands there and who did it", async () => {
  await disabled();
  const [entry] = await listed();
  await byKubectl({ natOutgoing: false });
  const reason = "The pool external-pool has changed since: natOutgoing is now false, by kubectl-patch.";
  expect(await undo(entry?.id ?? "")).toMatchObject({
    status: 409,
    body: {
      code: "conflict",
      title: "Somebody else changed it",
      detail: reason,
      current: { disabled: true, natOutgoing: false },
    },
  });
  await until(() => world.inventory.space.pools.get("", "external-pool")?.pool.natOutgoing === false);
  expect((await readEntry(entry?.id ?? "")).body).toMatchObject({ undo: { possible: false, reason } });
  expect(await world.stored("pool", "external-pool")).toMatchObject({ spec: { disabled: true } });
});

test.each<[string, () => Promise<unknown>, RegExp]>([
  [
    "deleted and created anew",
    async () => {
      const pool = await disabled();
      await world.write("DELETE", pool.name, { ...seen(pool), confirm: pool.name });
      await world.createdPool(external);
    },
    /deleted and created anew since/,
  ],
  [
    "deleted",
    async () => {
      const pool = await disabled();
      await world.write("DELETE", pool.name, { ...seen(pool), confirm: pool.name });
    },
    /is not there any more, by somebody without a login/,
  ],
])("an undo is refused when the pool was %s", async (_name, act, reason) => {
  await act();
  const entry = (await listed("?action=disable"))[0];
  expect(await undo(entry?.id ?? "")).toMatchObject({
    status: 409,
    body: { code: "conflict", detail: expect.stringMatching(reason) },
  });
});

test("what was created or deleted is not taken back here, and what changed nothing never", async () => {
  const pool = await disabled();
  await world.write("DELETE", pool.name, { ...seen(pool), confirm: pool.name });
  await world.write("PATCH", pool.name, { ...seen(pool), disabled: true });
  const titles: string[] = [];
  for (const { id } of await listed("?sort=at")) {
    const { status, body } = await undo(id);
    expect(status).toBe(409);
    titles.push((body as Problem).title);
  }
  expect(titles).toEqual([
    "This is not taken back",
    "Somebody else changed it",
    "This is not taken back",
    "There is nothing to take back",
  ]);
  const unknown = "00000000-0000-0000-0000-000000000000";
  expect((await undo(unknown)).status).toBe(404);
  expect((await readEntry(unknown)).status).toBe(404);
  expect((await undo("nonsense")).status).toBe(400);
});

test("the pools of a namespace are taken back, the annotation that was not there as well", async () => {
  await world.create([external, internal].join("---"));
  const patch = async (body: object) => {
    const raw = (await world.stored("namespace", "default")) as unknown as { metadata: Pool };
    return world.send(namespaces, "PATCH", "namespaces/default", { ...seen(raw.metadata), ...body });
  };
  expect((await patch({ ipv4pools: ["external-pool"] })).status).toBe(200);
  const [assigned] = await listed("?kind=Namespace");
  expect(assigned).toMatchObject({
    action: "assign",
    from: { ipv4pools: null },
    to: { ipv4pools: ["external-pool"] },
    watch: null,
  });
  expect(await undo(assigned?.id ?? "")).toMatchObject({
    status: 200,
    body: { namespace: { name: "default" } },
  });
  const stored = await world.stored("namespace", "default");
  expect(JSON.stringify(stored)).not.toContain("ipv4pools");
});

test("the pool's own events say who did it, and the entry that they do", async () => {
  const pool = await disabled();
  await until(async () => (await listed()).every(({ event }) => event !== null));
  expect((await listed()).map(({ event }) => event)).toEqual(["written", "written"]);
  const { items } = await readPoolEvents(world.inventory, world.connection, pool.name);
  expect(items?.map(({ reason }) => reason).sort()).toEqual(["PoolCreated", "PoolDisabled"]);
  expect(items?.find(({ reason }) => reason === "PoolDisabled")?.message).toMatch(
    /^somebody without a login disabled the pool external-pool \(request [0-9a-f-]{36}\)$/,
  );
  const events = { group: "", version: "v1", plural: "events", namespaced: true };
  const all = await listAll(world.connection, events, { namespace: "default" });
  expect(all.items).toHaveLength(2);
});

test("the list is told to be asked again, by what was done and not by dry runs", async () => {
  const pool = await world.createdPool(external);
  await until(async () => (await listed()).every(({ event }) => event !== null));
  const told: string[] = [];
  world.inventory.changes.subscribe(({ touched }) => void told.push(...touched));
  await world.write("PATCH", `${pool.name}?dryRun=true`, { ...seen(pool), disabled: true });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(told).not.toContain("activity");
  await world.write("PATCH", pool.name, { ...seen(pool), disabled: true });
  await until(() => told.includes("activity"));
});

test("somebody else's change is noticed at once, and named", async () => {
  await disabled();
  await byKubectl({ disabled: false });
  await until(async () => (await listed())[0]?.watch?.verdict !== null);
  expect((await listed())[0]?.watch).toMatchObject({
    verdict: "reverted",
    text: expect.stringMatching(/^kubectl-patch changed it back after \d s: disabled is now false\.$/),
    findings: [{ kind: "reverted", subject: { kind: "Manager", name: "kubectl-patch" } }],
  });
});

test("nobody sees entries about a kind that they may not list, and is told so", async () => {
  await disabled();
  const [row] = world.inventory.namespaces;
  const body = { uid: row?.uid, resourceVersion: "0", ipv4pools: null };
  await world.send(namespaces, "PATCH", `namespaces/${row?.name}`, body);
  const theirs = inventoryOf({}, { clock: systemClock });
  forbid(theirs, "pools", { group: "crd.projectcalico.org", plural: "ippools" });
  const list = listActivity(theirs, {});
  expect(list.items?.map(({ object }) => object?.kind)).toEqual(["Namespace"]);
  expect(list.unknown).toMatchObject([
    { field: "items", reason: expect.stringContaining("IPPool"), permission: { resource: "ippools" } },
  ]);
  const entry = (await listed("?action=disable"))[0];
  expect(() => readActivity(theirs, entry?.id ?? "")).toThrow(/There is no activity/);
  expect([...wholeActivity(theirs, { kind: "Namespace" })]).toHaveLength(1);
  // A table without them could not say that they are left out.
  for (const query of [{}, { kind: "IPPool" }])
    expect(() => wholeActivity(theirs, query)).toThrow(/You may not read|Poolboard may not read/);
});

test("an attempt without an object is about the kind of its address, and shown to nobody else", async () => {
  await world.create("no: [manifest");
  await world.send(namespaces, "PUT", "namespaces/default", {});
  await undo("00000000-0000-0000-0000-000000000000");
  expect((await listed()).map(({ object, code }) => [object, code])).toEqual([
    [null, "not-found"],
    [null, "method-not-allowed"],
    [null, "invalid-yaml"],
  ]);
  expect((await listed("?kind=IPPool")).map(({ code }) => code)).toEqual(["invalid-yaml"]);
  const theirs = inventoryOf({}, { clock: systemClock });
  forbid(theirs, "pools", { group: "crd.projectcalico.org", plural: "ippools" });
  expect(listActivity(theirs, {}).items?.map(({ code }) => code)).toEqual(["method-not-allowed"]);
});

test("CSV takes limit and offset where it is given them", async () => {
  await world.create([external, internal].join("---"));
  const all = (await csv("&sort=object")).trimEnd().split("\r\n");
  expect(all).toHaveLength(3);
  expect(await csv("&sort=object&limit=1")).toBe(`${all[0]}\r\n${all[1]}\r\n`);
  expect(await csv("&sort=object&limit=5&offset=1")).toBe(`${all[0]}\r\n${all[2]}\r\n`);
});

test("what is kept of an attempt is bounded, whatever was sent", async () => {
  const uid = "u".repeat(30_000);
  await world.write("PATCH", "external-pool", { uid, resourceVersion: uid, disabled: true });
  const long = external.replace("blockSize: 26", `blockSize: 26\n  nodeSelector: ${"x".repeat(30_000)}`);
  await world.create(long);
  const entries = await listed();
  expect(entries).toHaveLength(2);
  for (const entry of entries) expect(JSON.stringify(entry).length).toBeLessThan(12_000);
});
