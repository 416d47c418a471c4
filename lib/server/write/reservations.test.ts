import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as one from "../../../app/api/v1/reservations/[name]/route.ts";
import * as all from "../../../app/api/v1/reservations/route.ts";
import type { ApiMode } from "../../calico/dialect.ts";
import {
  type Reservation,
  type ReservationCreateResult,
  ReservationCreateResults,
  ReservationList,
  Reservation as ReservationSchema,
} from "../../contract/reservations.ts";
import { calicoResource } from "../../inventory/calico-resource.ts";
import { getObject, mergePatch } from "../../kube/objects.ts";
import type { Policy } from "../../sim/api/access.ts";
import { pageRequest } from "../testing.ts";
import { startWriteWorld, type WriteWorld } from "./testing.ts";

let world: WriteWorld;
const start = async (policy?: Policy, mode?: ApiMode) => {
  await world?.stop();
  world = await startWriteWorld(policy, mode);
};
beforeEach(async () => {
  world = await startWriteWorld();
});
afterEach(() => world.stop());

const document = (name: string, ...cidrs: string[]) =>
  `apiVersion: projectcalico.org/v3\nkind: IPReservation\nmetadata: { name: ${name} }\nspec:\n  reservedCIDRs: [${cidrs.map((cidr) => `"${cidr}"`).join(", ")}]\n`;

async function create(manifest: string, { dryRun = false, onError = "stop" } = {}) {
  const path = `reservations${dryRun ? "?dryRun=true" : ""}`;
  const { status, body } = await world.send(all, "POST", path, { manifest, onError });
  const results = status === 200 ? ReservationCreateResults.parse(body).results : [];
  return { status, body, results };
}
const outcomes = (results: readonly ReservationCreateResult[]) => results.map(({ outcome }) => outcome);
const created = async (name: string, ...cidrs: string[]): Promise<Reservation> =>
  ReservationSchema.parse((await create(document(name, ...cidrs))).results[0]?.reservation);
async function list(query = "") {
  const response = await all.GET(pageRequest("GET", `/api/v1/reservations${query}`), {
    params: Promise.resolve({}),
  });
  return ReservationList.parse(await response.json());
}
const remove = (reservation: Reservation, changes: object = {}, query = "") => {
  const { name, uid, resourceVersion } = reservation;
  return world.send(one, "DELETE", `reservations/${name}${query}`, {
    uid,
    resourceVersion,
    confirm: name,
    ...changes,
  });
};
const stored = (name: string) => {
  const resource = calicoResource(world.inventory, "IPReservation");
  return getObject(world.connection, { resource, name }).catch(() => null) as Promise<{
    spec: object;
  } | null>;
};

/** How many addresses of the tutorial's pool the inventory takes for reserved. */
const reserved = () =>
  world.inventory.space.reservedSet.v4.reduce((sum, each) => sum + each.last - each.first + 1n, 0n);

describe.each<ApiMode>(["crd-v1", "native-v3", "aggregated-v3"])("%s", (mode) => {
  test("is created in the spelling every Calico takes, counted, listed, and given free again", async () => {
    if (mode !== "crd-v1") await start(undefined, mode);
    const gateways = await created("gateways", "10.255.9.5/29", "10.255.9.0/30", "10.255.9.100", "fd00::7");
    // 8 of the first two together, one, one.
    expect(gateways).toMatchObject({ addresses: "10", inUse: 0, pools: ["default-ipv4-ippool"] });
    expect((await stored("gateways"))?.spec).toEqual({
      reservedCIDRs: ["10.255.9.0/29", "10.255.9.0/30", "10.255.9.100/32", "fd00::7/128"],
    });
    expect((await list()).items).toEqual([gateways]);
    expect(reserved()).toBe(9n);
    expect(await remove(gateways)).toMatchObject({ status: 200, body: { name: "gateways" } });
    expect(await stored("gateways")).toBeNull();
    expect(await list()).toMatchObject({ items: [], total: 0 });
    expect(reserved()).toBe(0n);
  });
});

test("its name may be left out: the dialog asks for it, the contract for what was seen", async () => {
  const gateways = await created("gateways", "10.255.0.0/24");
  expect((await remove(gateways, { confirm: undefined })).status).toBe(200);
  expect(await stored("gateways")).toBeNull();
});

test("a dry run judges and stores nothing", async () => {
  const { results } = await create(document("gateways", "10.255.0.0/24"), { dryRun: true });
  expect(results[0]).toMatchObject({ outcome: "valid", reservation: { addresses: "256" } });
  expect(await stored("gateways")).toBeNull();
});

test("addresses in use, pools that are covered whole, and pools that are not touched are told", async () => {
  const [used] = [...world.inventory.space.blocks];
  const warnings = async (cidr: string) =>
    (await create(document("x", cidr), { dryRun: true })).results[0]?.warnings?.join("; ") ?? "";
  expect(await warnings(used?.text ?? "")).toMatch(/^3 addresses in use stay with their holders/);
  expect(await warnings("10.255.0.0/16")).toContain("covers all of default-ipv4-ippool");
  expect(await warnings("192.0.2.0/24")).toContain("touches no pool");
  expect(await warnings("10.255.9.9/24")).toContain("host bits");
});

describe("documents", () => {
  const three = [document("a", "10.255.0.1"), document("b", "nonsense"), document("c", "10.255.0.3")].join(
    "---\n",
  );

  test("stop at the first that is refused", async () => {
    const { results } = await create(three);
    expect(outcomes(results)).toEqual(["created", "refused", "skipped"]);
    expect(results[1]?.problem?.errors).toMatchObject([{ field: "spec.reservedCIDRs[0]" }]);
    expect(await stored("c")).toBeNull();
  });

  test("go on where that is asked for", async () => {
    expect(outcomes((await create(three, { onError: "continue" })).results)).toEqual([
      "created",
      "refused",
      "created",
    ]);
  });

  test.each([
    ["another kind", document("a").replace("IPReservation", "IPPool"), "kind"],
    ["another group", document("a").replace("projectcalico.org", "example.org"), "apiVersion"],
    ["an unknown field", `${document("a")}  more: 1\n`, "spec.more"],
    ["a number in the list", document("a").replace("[]", "[1]"), "spec.reservedCIDRs[0]"],
    ["text for a list", document("a").replace("[]", "10.0.0.1"), "spec.reservedCIDRs"],
    [
      "a resourceVersion",
      document("a").replace("name: a", 'name: a, resourceVersion: "1"'),
      "metadata.resourceVersion",
    ],
    ["no name", document("a").replace("name: a", "labels: {}"), "metadata.name"],
  ])("with %s are refused by field", async (_, manifest, field) => {
    const { results } = await create(manifest);
    expect(outcomes(results)).toEqual(["refused"]);
    expect(results[0]?.problem?.errors?.map((error) => error.field)).toContain(field);
  });

  test("with a name that is there, or that comes twice, are refused", async () => {
    await created("a", "10.255.0.1");
    expect((await create(document("a", "10.255.0.2"))).results[0]?.problem?.code).toBe("already-exists");
    const twice = document("b", "10.255.0.1") + "---\n" + document("b", "10.255.0.2");
    expect(outcomes((await create(twice, { dryRun: true })).results)).toEqual(["valid", "refused"]);
  });

  test("that are no YAML, and bodies that are neither, are errors of the request", async () => {
    expect((await create("[")).status).toBe(400);
    expect((await create("---")).status).toBe(422);
    expect((await world.send(all, "POST", "reservations", { surprise: 1 })).status).toBe(422);
  });

  test("one as JSON", async () => {
    const body = {
      apiVersion: "crd.projectcalico.org/v1",
      kind: "IPReservation",
      metadata: { name: "constructor" },
      spec: { reservedCIDRs: ["10.255.0.1"] },
    };
    expect(await world.send(all, "POST", "reservations", body)).toMatchObject({
      status: 200,
      body: { results: [{ name: "constructor", outcome: "created" }] },
    });
  });
});

describe("is not deleted", () => {
  test("under another name", async () => {
    expect(await remove(await created("a", "10.255.0.1"), { confirm: "b" })).toMatchObject({
      status: 422,
      body: { errors: [{ field: "confirm" }] },
    });
    expect(await stored("a")).not.toBeNull();
  });

  test("when somebody changed it since", async () => {
    const seen = await created("a", "10.255.0.1");
    const ref = { resource: calicoResource(world.inventory, "IPReservation"), name: "a" };
    await mergePatch(world.connection, ref, { spec: { reservedCIDRs: ["10.255.0.0/24"] } });
    expect(await remove(seen)).toMatchObject({
      status: 409,
      body: { code: "conflict", current: { cidrs: ["10.255.0.0/24"] } },
    });
    expect(await stored("a")).not.toBeNull();
  });

  test("in a dry run", async () => {
    expect((await remove(await created("a", "10.255.0.1"), {}, "?dryRun=true")).status).toBe(200);
    expect(await stored("a")).not.toBeNull();
  });

  test("when it is not there", async () => {
    const seen = { ...(await created("a", "10.255.0.1")), name: "other" };
    expect((await remove(seen)).status).toBe(404);
  });

  test("and nobody says it was when no answer came", async () => {
    const seen = await created("a", "10.255.0.1");
    world.api.faults.add({ kind: "reset", resource: "ipreservations", verb: "delete" });
    expect(await remove(seen)).toMatchObject({ status: 504, body: { code: "outcome-unknown" } });
  });
});

test.each(["create", "delete"])("the permission to %s is named where it is missing", async (verb) => {
  await start((_user, access) => access.verb !== verb || access.resource !== "ipreservations");
  expect(
    await world.send(all, "POST", "reservations", { manifest: document("a", "10.255.0.1") }),
  ).toMatchObject({
    status: 403,
    body: { permission: { verb, resource: "ipreservations", group: "crd.projectcalico.org" } },
  });
});

test("lists are sorted, filtered, and paged", async () => {
  await created("small", "10.255.0.1");
  await created("large", "10.255.1.0/24", "fd00::/64");
  await created("middle", "192.0.2.0/28");
  const names = async (query: string) => (await list(query)).items?.map(({ name }) => name);
  expect(await names("")).toEqual(["large", "middle", "small"]);
  expect(await names("?sort=-addresses")).toEqual(["large", "middle", "small"]);
  expect(await names("?sort=addresses&limit=1")).toEqual(["small"]);
  expect(await names("?q=192.0")).toEqual(["middle"]);
  expect(await names("?q=default-ipv4")).toEqual(["large", "small"]);
});
