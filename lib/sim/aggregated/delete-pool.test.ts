import { afterEach, beforeEach, expect, test } from "vitest";
import { TestCluster } from "../api/testing.ts";
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "../store/json.ts";

const v3 = "/apis/projectcalico.org/v3";
const v1 = "/apis/crd.projectcalico.org/v1";

let cluster: TestCluster;
/** Called in the middle of a deletion. */
let meanwhile: () => Promise<void> = () => Promise.resolve();
const pauses: number[] = [];

const names = (body: JsonObject): string[] =>
  listAt(body, "items")
    .filter(isObject)
    .map((item) => textAt(objectAt(item, "metadata"), "name"));

const block = (cidr: string, allocations: Json[], affinity = "host:n") => ({
  apiVersion: "crd.projectcalico.org/v1",
  kind: "IPAMBlock",
  metadata: { name: cidr.replaceAll(/[./]/g, "-") },
  spec: {
    cidr,
    affinity,
    allocations,
    unallocated: allocations.flatMap((one, at) => (one === null ? [at] : [])),
    attributes: allocations.some((one) => one !== null) ? [{ handle_id: "h" }] : [],
    strictAffinity: false,
    sequenceNumber: 1_754_000_000_000_000_001n,
  },
});
const claim = (cidr: string) => ({
  apiVersion: "crd.projectcalico.org/v1",
  kind: "BlockAffinity",
  metadata: { name: `n-${cidr.replaceAll(/[./]/g, "-")}` },
  spec: { cidr, node: "n", state: "confirmed", type: "host", deleted: "false" },
});

beforeEach(async () => {
  meanwhile = () => Promise.resolve();
  pauses.length = 0;
  cluster = await TestCluster.start({
    apiMode: "aggregated-v3",
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
      await meanwhile();
    },
  });
  await cluster.post(`${v3}/ippools`, {
    apiVersion: "projectcalico.org/v3",
    kind: "IPPool",
    metadata: { name: "a" },
    spec: { cidr: "10.1.0.0/16" },
  });
  const [used, empty] = ["10.1.0.0/30", "10.1.0.4/30"];
  cluster.server.seed([
    block(used, [null, 0, null, null]),
    block(empty, [null, null, null, null]),
    claim(used),
    claim(empty),
  ]);
});

afterEach(() => cluster.server.close());

test("a pool is disabled, half a second later its blocks are free, and it goes whatever lives in it", async () => {
  meanwhile = async () => {
    expect((await cluster.get(`${v3}/ippools/a`)).body).toMatchObject({ spec: { disabled: true } });
    expect(names((await cluster.get(`${v1}/blockaffinities`)).body)).toHaveLength(2);
  };
  expect(await cluster.remove(`${v3}/ippools/a`)).toMatchObject({
    status: 200,
    body: { status: "Success", details: { name: "a", group: "projectcalico.org", kind: "ippools" } },
  });
  expect(pauses).toEqual([500]);
  const blocks = listAt((await cluster.get(`${v1}/ipamblocks`)).body, "items").filter(isObject);
  expect(
    blocks.map((one) => [textAt(objectAt(one, "spec"), "cidr"), objectAt(one, "spec")["affinity"]]),
  ).toEqual([["10.1.0.0/30", undefined]]);
  expect(names((await cluster.get(`${v1}/blockaffinities`)).body)).toEqual([]);
  expect((await cluster.get(`${v1}/ippools/a`)).status).toBe(404);
});

test("a disabled pool is not waited for", async () => {
  await cluster.patch(`${v3}/ippools/a`, { spec: { disabled: true } });
  expect((await cluster.remove(`${v3}/ippools/a`)).status).toBe(200);
  expect(pauses).toEqual([]);
});

test("preconditions are those of this API's own view", async () => {
  const { uid } = objectAt((await cluster.get(`${v3}/ippools/a`)).body, "metadata");
  const stored = objectAt((await cluster.get(`${v1}/ippools/a`)).body, "metadata");
  const remove = (precondition: Json) =>
    cluster.remove(`${v3}/ippools/a`, { preconditions: { uid: precondition } });
  expect((await remove(String(stored["uid"]))).status).toBe(409);
  expect((await remove(String(uid))).status).toBe(200);
});

test("a dry run leaves everything", async () => {
  expect((await cluster.remove(`${v3}/ippools/a?dryRun=All`)).status).toBe(200);
  expect((await cluster.get(`${v3}/ippools/a`)).body["spec"]).not.toHaveProperty("disabled");
});
