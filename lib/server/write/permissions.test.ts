import { afterEach, describe, expect, test } from "vitest";
import * as sessionRoute from "../../../app/api/v1/session/route.ts";
import { Session } from "../../contract/session.ts";
import type { Policy } from "../../sim/api/access.ts";
import { pageRequest } from "../testing.ts";
import { until } from "./testing.ts";
import { external, type PoolWorld, startPoolWorld } from "./testing-pools.ts";

let world: PoolWorld | null = null;
afterEach(() => world?.stop());

/** Everything but one verb on one resource. */
const without =
  (verb: string, resource: string): Policy =>
  (_user, access) =>
    access.verb !== verb || access.resource !== resource;

const pools = { group: "crd.projectcalico.org", resource: "ippools" };

describe("a permission that is missing is named, and nothing is written", () => {
  test("to create", async () => {
    world = await startPoolWorld(without("create", "ippools"));
    const { status } = await world.create(external);
    expect(status).toBe(403);
    expect(await world.names()).toEqual(["default-ipv4-ippool"]);
  });

  test("to change", async () => {
    world = await startPoolWorld(without("patch", "ippools"));
    const { uid, resourceVersion } = await world.createdPool(external);
    expect(
      await world.write("PATCH", "external-pool", { uid, resourceVersion, disabled: true }),
    ).toMatchObject({
      status: 403,
      body: { code: "forbidden", permission: { verb: "patch", ...pools } },
    });
  });

  test("to let go of a pool's blocks", async () => {
    world = await startPoolWorld(without("delete", "blockaffinities"));
    const { uid, resourceVersion } = await world.createdPool(external);
    const body = { uid, resourceVersion, confirm: "external-pool" };
    expect(await world.write("DELETE", "external-pool", body)).toMatchObject({
      status: 403,
      body: { permission: { verb: "delete", resource: "blockaffinities" } },
    });
    expect(await world.stored("pool", "external-pool")).not.toHaveProperty("spec.disabled");
  });

  test("to let go of the blocks of a pool from which the pool controller has taken its hands", async () => {
    world = await startPoolWorld(without("delete", "blockaffinities"), "native-v3");
    const { uid, resourceVersion } = await world.createdPool(
      external.replace("spec:", "spec:\n  disabled: true"),
    );
    const { inventory } = world;
    const row = () => inventory.space.pools.get("", "external-pool");
    await until(() => row()?.pool.allocatable?.reason === "PoolDisabled");
    const body = { uid, resourceVersion: row()?.revision ?? resourceVersion, confirm: "external-pool" };
    expect(await world.write("DELETE", "external-pool", body)).toMatchObject({
      status: 403,
      body: { permission: { verb: "delete", resource: "blockaffinities", group: "projectcalico.org" } },
    });
    expect(await world.names()).toContain("external-pool");
  });

  test("none but to delete, where Calico's API server does the rest by its own right", async () => {
    world = await startPoolWorld(without("delete", "blockaffinities"), "aggregated-v3");
    const { uid, resourceVersion } = await world.createdPool(external);
    const body = { uid, resourceVersion, confirm: "external-pool" };
    expect(await world.write("DELETE", "external-pool", body)).toMatchObject({ status: 200 });
    expect(await world.names()).not.toContain("external-pool");
  });
});

test("the session says what may be done, and what is missing for the rest", async () => {
  world = await startPoolWorld(without("delete", "ippools"));
  const response = await sessionRoute.GET(pageRequest("GET", "/api/v1/session"), {
    params: Promise.resolve(undefined),
  });
  const { can } = Session.parse(await response.json());
  expect(can["pools.update"]).toEqual({ allowed: true });
  expect(can["pools.delete"]).toEqual({ allowed: false, permission: { verb: "delete", ...pools } });
});
