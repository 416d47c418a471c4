import { afterEach, beforeEach, expect, test } from "vitest";
import { external, internal, type PoolWorld, startPoolWorld } from "./testing-pools.ts";

let world: PoolWorld;
beforeEach(async () => {
  world = await startPoolWorld();
});
afterEach(() => world.stop());

const change = async (fault: Parameters<PoolWorld["api"]["faults"]["add"]>[0]) => {
  const { uid, resourceVersion } = await world.createdPool(external);
  world.api.faults.add({ resource: "ippools", verb: "patch", ...fault });
  return world.write("PATCH", "external-pool", { uid, resourceVersion, disabled: true });
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

test("whether it may be written cannot be asked: nothing is, and no permission is said to be missing", async () => {
  const { uid, resourceVersion } = await world.createdPool(external);
  world.api.faults.add({ kind: "reset", resource: "selfsubjectaccessreviews" });
  const answer = await world.write("PATCH", "external-pool", { uid, resourceVersion, disabled: true });
  expect(answer).toMatchObject({
    status: 502,
    body: {
      code: "upstream",
      detail: expect.stringMatching(/^Nothing was written: permission could not be checked/),
    },
  });
  expect(answer.body).not.toHaveProperty("permission");
});

test("it has no time: said so, and when to come again", async () => {
  expect(await change({ kind: "status", code: 429, retryAfter: 7 })).toMatchObject({ status: 502 });
});

test("an unknown creation is told as such, and the rest is not tried", async () => {
  world.api.faults.add({ kind: "status", code: 504, verb: "create", resource: "ippools", times: 1 });
  const { results } = await world.create(`${external}---${internal}`);
  expect(results).toMatchObject([
    { outcome: "unknown", problem: { code: "outcome-unknown" } },
    { outcome: "skipped" },
  ]);
});

test("a delete that fails half-way tells how far it came", async () => {
  const { uid, resourceVersion, name } = await world.createdPool(external);
  world.api.faults.add({ kind: "status", code: 503, verb: "delete", resource: "ippools" });
  const answer = await world.write("DELETE", "external-pool", {
    uid,
    resourceVersion,
    confirm: name,
  });
  expect(answer).toMatchObject({ status: 200 });
  const { steps } = answer.body as { steps: { name: string; outcome: string }[] };
  expect(steps.map(({ outcome }) => outcome)).toEqual(["done", "done", "done", "done", "unknown"]);
  expect(await world.stored("pool", "external-pool")).toMatchObject({ spec: { disabled: true } });
});
