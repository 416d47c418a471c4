import { expect, test } from "vitest";
import type { ReflectorState } from "../kube/reflector-state.ts";
import { kinds } from "./kinds.ts";
import { KindStates } from "./kind-states.ts";

const resource = { group: "crd.projectcalico.org", version: "v1", plural: "ipamblocks", namespaced: false };
const live: ReflectorState = { status: "live" };
const starting = (loaded = 0, total: number | null = null): ReflectorState => ({
  status: "starting",
  loaded,
  total,
  message: null,
});

function states() {
  const all = new KindStates(() => 100_000);
  for (const kind of kinds) all.set(kind, { resource, state: live, synced: true, confirmedAt: 99_000 });
  return all;
}

test.each<[string, { state: ReflectorState; synced: boolean }, boolean, RegExp | null]>([
  ["live", { state: live, synced: true }, true, null],
  [
    "stale, but read once",
    { state: { status: "stale", since: 1, message: "gone" }, synced: true },
    true,
    null,
  ],
  [
    "login expired, but read once",
    { state: { status: "loginExpired", since: 1, message: "old" }, synced: true },
    true,
    null,
  ],
  [
    "still reading",
    { state: starting(41_000, 150_000), synced: false },
    false,
    /^IPAM blocks have not been read yet \(41,000 of about 150,000\)$/,
  ],
  ["reading, total unknown", { state: starting(5), synced: false }, false, /\(5 so far\)/],
  [
    "forbidden from the start",
    { state: { status: "forbidden", since: 1, message: "no" }, synced: false },
    false,
    /may not read/,
  ],
  [
    "forbidden after it was read",
    { state: { status: "forbidden", since: 1, message: "no" }, synced: true },
    false,
    /may not read/,
  ],
  [
    "not served",
    { state: { status: "notInstalled", since: 1, message: "no" }, synced: false },
    false,
    /does not serve/,
  ],
])("a kind that is %s", (_, source, knows, reason) => {
  const all = states();
  all.set("blocks", { resource, confirmedAt: null, ...source });
  expect(all.knows("blocks")).toBe(knows);
  const missing = all.missing("blocks");
  if (reason === null) expect(missing).toBeNull();
  else expect(missing?.reason).toMatch(reason);
  const isForbidden = source.state.status === "forbidden";
  expect(missing?.reading ?? false).toBe(source.state.status === "starting");
  expect(missing?.permission).toEqual(
    isForbidden ? { verb: "list", group: resource.group, resource: "ipamblocks" } : undefined,
  );
});

test("ready is when every kind of the first phase is read or out of reach; pods are not waited for", () => {
  const all = states();
  all.set("pods", { resource, state: starting(), synced: false, confirmedAt: null });
  all.set("blocks", {
    resource,
    state: { status: "forbidden", since: 1, message: "no" },
    synced: false,
    confirmedAt: null,
  });
  expect(all.settled).toBe(true);
  all.set("nodes", { resource, state: starting(3, 9), synced: false, confirmedAt: null });
  expect(all.settled).toBe(false);
  expect(all.progress).toBe("nodes (3 of about 9), pods");
  all.clear();
  expect(all.settled).toBe(false);
  expect(all.progress.split(", ")).toHaveLength(kinds.length);
});

test("the age is that of the oldest kind that is followed; what is out of reach has none", () => {
  const all = states();
  expect(all.ageMs).toBe(1_000);
  all.set("nodes", {
    resource,
    state: { status: "stale", since: 40_000, message: "gone" },
    synced: true,
    confirmedAt: 40_000,
  });
  expect([all.ageMs, all.stale]).toEqual([60_000, true]);
  all.set("nodes", {
    resource,
    state: { status: "forbidden", since: 40_000, message: "no" },
    synced: true,
    confirmedAt: 40_000,
  });
  expect([all.ageMs, all.stale]).toEqual([1_000, false]);
  all.clear();
  expect(all.ageMs).toBe(0);
});
