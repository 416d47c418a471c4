import { expect, test } from "vitest";
import type { Activity, ActivityWatch } from "../../contract/activity.ts";
import {
  event,
  handClock,
  inventoryOf,
  namespaceObject,
  nodeObject,
  podObject,
  poolObject,
  sandboxEvent,
} from "../../inventory/testing.ts";
import type { RawRecord } from "../../calico/reading.ts";
import { parseCidr } from "../../ipam/cidr.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { poolFields } from "./pool-fields.ts";
import { tunnelsIn } from "./pool-tunnels.ts";
import { poolWatches } from "./pool-watches.ts";

const vxlan = "projectcalico.org/IPv4VXLANTunnelAddr";
const wireguard = "projectcalico.org/IPv4WireguardInterfaceAddr";

/** A pool as somebody has just left it, with the managers of two fields. */
function pool(spec: RawRecord, manager = "poolboard", metadata: RawRecord = {}): RawRecord {
  const raw = poolObject("pool", "10.64.0.0/20", { natOutgoing: true, ...spec });
  const fieldsV1 = { "f:spec": { "f:disabled": {}, "f:natOutgoing": {}, "f:cidr": {} } };
  const managedFields = [{ manager, operation: "Update", fieldsType: "FieldsV1", fieldsV1 }];
  return {
    ...raw,
    metadata: { ...(raw.metadata as RawRecord), uid: "pool-uid", managedFields, ...metadata },
  };
}

interface Story {
  readonly inventory: Inventory;
  readonly clock: ReturnType<typeof handClock>;
  watch(): ActivityWatch;
  saves(): number;
  /** The inventory says what has changed, as it does after a moment. */
  told(): void;
  putPool(spec: RawRecord, manager?: string, metadata?: RawRecord): void;
  putNode(name: string, annotations: RawRecord): void;
}

function begin(change: Partial<Activity> = {}, disabled = true, marks: RawRecord = {}): Story {
  const clock = handClock();
  const inventory = inventoryOf(
    {
      pools: [pool({ disabled }, "poolboard", marks), poolObject("other", "10.65.0.0/20")],
      nodes: [
        nodeObject("a", {}, { [vxlan]: "10.64.0.1", [wireguard]: "10.64.0.2" }),
        nodeObject("b", {}, { [vxlan]: "10.64.0.65" }),
        nodeObject("c", {}, { [vxlan]: "10.65.0.1" }),
      ],
      namespaces: [
        namespaceObject("pinned", { "cni.projectcalico.org/ipv4pools": '["pool"]' }),
        namespaceObject("free"),
      ],
      pods: [podObject("pinned/one"), podObject("free/two")],
    },
    { clock },
  );
  const row = inventory.space.pools.get("", "pool");
  if (!row) throw new Error("no pool");
  const activity: Activity = {
    id: "first",
    at: new Date(clock.now()).toISOString(),
    user: "alice",
    how: "oidc",
    client: null,
    cluster: "test",
    action: "disable",
    object: { kind: "IPPool", name: "pool", uid: "pool-uid" },
    from: { disabled: false },
    to: { disabled: true },
    resourceVersion: { before: "1", after: "2" },
    result: "done",
    dryRun: false,
    status: 200,
    code: null,
    detail: null,
    requestId: "first",
    undo: null,
    undoes: null,
    watch: null,
    event: null,
    ...change,
  };
  let last: ActivityWatch | null = null;
  let saves = 0;
  const before = { ...row.pool, disabled: false };
  const baseline = { pool: "pool", before, tunnels: tunnelsIn(inventory, parseCidr("10.64.0.0/20").cidr) };
  clock.pass(1_000);
  poolWatches(inventory).start(activity, poolFields(row.pool), baseline, (watch) => {
    last = watch;
    saves += 1;
  });
  return {
    inventory,
    clock,
    watch: () => last ?? { until: "", verdict: null, text: null, findings: [] },
    // The first says only that it is watched.
    saves: () => saves - 1,
    told: () => clock.pass(1_000),
    putPool: (spec, manager, metadata) =>
      event(inventory, "pools", "MODIFIED", pool(spec, manager, metadata)),
    putNode: (name, annotations) => event(inventory, "nodes", "MODIFIED", nodeObject(name, {}, annotations)),
  };
}

const fiveMinutes = 5 * 60_000;

function fail(story: Story, namespace: string, name: string, message: string): void {
  const at = new Date(story.clock.now()).toISOString();
  event(story.inventory, "sandboxFailures", "ADDED", sandboxEvent(`${namespace}/${name}`, message, { at }));
  story.told();
}

test.each<[string, (story: Story) => void, object]>([
  [
    "nothing",
    () => {},
    {
      verdict: "quiet",
      text: "Nothing moved, no pod failed, and nobody changed it back within five minutes.",
      findings: [],
    },
  ],
  [
    "a status, and nothing of the spec",
    (story) => story.putPool({ disabled: true }, "kube-controllers", { resourceVersion: "9" }),
    { verdict: "quiet", findings: [] },
  ],
  [
    "an address that moves to another pool",
    (story) => story.putNode("b", { [vxlan]: "10.65.0.9" }),
    {
      verdict: "moved",
      text: "1 tunnel address moved to another pool.",
      findings: [
        {
          kind: "tunnelMoved",
          subject: { kind: "Node", name: "b" },
          detail: "the VXLAN tunnel address 10.64.0.65 is now 10.65.0.9 in other",
        },
      ],
    },
  ],
  [
    "one that goes and comes back elsewhere: moved, once",
    (story) => {
      story.putNode("b", {});
      story.told();
      expect(story.watch().findings).toMatchObject([{ kind: "tunnelLost" }]);
      story.putNode("b", { [vxlan]: "10.65.0.9" });
    },
    { verdict: "moved", findings: [{ kind: "tunnelMoved" }] },
  ],
  [
    "one that goes, and another on the same node",
    (story) => story.putNode("a", { [wireguard]: "10.65.0.7" }),
    {
      verdict: "trouble",
      text: "1 tunnel address moved to another pool and 1 tunnel address is gone.",
      findings: [{ kind: "tunnelLost" }, { kind: "tunnelMoved" }],
    },
  ],
  [
    "an address of another pool that moves",
    (story) => story.putNode("c", { [vxlan]: "10.65.0.77" }),
    { verdict: "quiet" },
  ],
  [
    "a node that leaves",
    (story) => event(story.inventory, "nodes", "DELETED", nodeObject("a")),
    { verdict: "quiet" },
  ],
  [
    "a pod of a namespace that names the pool",
    (story) => fail(story, "pinned", "one", "no more free addresses"),
    {
      verdict: "trouble",
      text: "1 pod got no address because of it.",
      findings: [{ kind: "podFailed", subject: { kind: "Pod", namespace: "pinned", name: "one" } }],
    },
  ],
  [
    "a pod whose error names the pool",
    (story) => fail(story, "free", "two", "the pool (pool) is disabled"),
    { verdict: "trouble", findings: [{ kind: "podFailed" }] },
  ],
  [
    "a pod whose error names its network",
    (story) => fail(story, "free", "two", "10.64.0.0/20 gives nothing"),
    { verdict: "trouble" },
  ],
  [
    "a pod that has nothing to do with it",
    (story) => fail(story, "free", "two", "pool-2 and mypool are something else"),
    { verdict: "quiet", findings: [] },
  ],
  [
    "a pod that fails twice",
    (story) => {
      fail(story, "pinned", "one", "first");
      fail(story, "pinned", "one", "second");
    },
    { verdict: "trouble", findings: [{ detail: "first" }] },
  ],
  [
    "another field, by somebody else",
    (story) => story.putPool({ disabled: true, natOutgoing: false }, "terraform"),
    {
      verdict: "trouble",
      text: "Somebody else changed the pool as well.",
      findings: [
        {
          kind: "changed",
          subject: { kind: "Manager", name: "terraform" },
          detail: "natOutgoing is now false",
        },
      ],
    },
  ],
])("%s", (_name, happens, expected) => {
  const story = begin();
  happens(story);
  story.told();
  expect(story.watch().verdict).toBeNull();
  story.clock.pass(fiveMinutes);
  expect(story.watch()).toMatchObject(expected);
});

test.each<[string, (story: Story) => void, object]>([
  [
    "changed back by a program",
    (story) => story.putPool({ disabled: false }, "kubectl-patch"),
    {
      verdict: "reverted",
      text: "kubectl-patch changed it back after 2 s: disabled is now false.",
      findings: [{ kind: "reverted", subject: { kind: "Manager", name: "kubectl-patch" } }],
    },
  ],
  [
    "changed back by its owner",
    (story) =>
      story.putPool({ disabled: false }, "operator", {
        labels: { "app.kubernetes.io/managed-by": "tigera-operator" },
      }),
    { verdict: "reverted", text: expect.stringMatching(/^The Tigera operator \(operator\) changed it back/) },
  ],
  [
    "changed back by another server of ours",
    (story) => story.putPool({ disabled: false }),
    { verdict: "reverted", text: expect.stringMatching(/^Another Poolboard changed it back/) },
  ],
  [
    "deleted",
    (story) => event(story.inventory, "pools", "DELETED", pool({})),
    {
      verdict: "trouble",
      text: "It was deleted by somebody else after 2 s.",
      findings: [{ kind: "deleted" }],
    },
  ],
  [
    "deleted and created anew",
    (story) => story.putPool({ disabled: true }, "kubectl-create", { uid: "another" }),
    { verdict: "trouble", text: expect.stringMatching(/^It was deleted and created anew/) },
  ],
])("is over at once when the pool is %s", (_name, happens, expected) => {
  const story = begin();
  happens(story);
  story.told();
  expect(story.watch()).toMatchObject(expected);
  const saves = story.saves();
  story.putNode("b", {});
  story.clock.pass(fiveMinutes);
  expect(story.saves()).toBe(saves);
});

const deleting = { deletionTimestamp: "2026-08-22T12:00:00Z", finalizers: ["x"] };

test("a pool that is being deleted goes when it is disabled: as was foretold, and nobody else's doing", () => {
  const story = begin({}, true, deleting);
  event(story.inventory, "pools", "DELETED", pool({}));
  story.told();
  story.clock.pass(fiveMinutes);
  expect(story.watch()).toMatchObject({
    verdict: "quiet",
    text: expect.stringMatching(/^The pool, which was being deleted, is gone with it\. Nothing moved/),
    findings: [],
  });
});

test("what happens after it went is still seen", () => {
  const story = begin({}, true, deleting);
  event(story.inventory, "pools", "DELETED", pool({}));
  story.told();
  expect(story.watch()).toMatchObject({ verdict: null, findings: [] });
  fail(story, "pinned", "one", "the given pool (10.64.0.0/20) does not exist, or is not enabled");
  expect(story.watch()).toMatchObject({ findings: [{ kind: "podFailed" }] });
  story.clock.pass(fiveMinutes);
  expect(story.watch()).toMatchObject({
    verdict: "trouble",
    text: "1 pod got no address because of it.",
  });
});

test("our own write is not taken for somebody else's, and ends the watch under the name of who made it", () => {
  const story = begin();
  const watches = poolWatches(story.inventory);
  watches.hold("pool");
  story.putPool({ disabled: false });
  story.told();
  expect(story.saves()).toBe(0);
  const by = {
    user: "bob",
    how: "oidc",
    action: "enable",
    from: { disabled: true },
    to: { disabled: false },
  };
  watches.release("pool", { activity: by as unknown as Activity, left: null });
  expect(story.watch()).toMatchObject({
    verdict: "reverted",
    text: "bob took it back after 2 s.",
    findings: [{ kind: "reverted", subject: { kind: "User", name: "bob" } }],
  });
});

/** bob writes the pool through one of our servers. */
function again(story: Story, change: Partial<Activity>, left: RawRecord): void {
  const watches = poolWatches(story.inventory);
  watches.hold("pool");
  story.putPool(left);
  story.told();
  const by = { user: "bob", how: "oidc", action: "update", ...change } as unknown as Activity;
  const row = story.inventory.space.pools.get("", "pool");
  watches.release("pool", { activity: by, left: row ? poolFields(row.pool) : null });
}

const natOff = { from: { natOutgoing: true }, to: { natOutgoing: false } };

test("a later write of other fields leaves it running, is nobody's foreign change, and what happens stays here", () => {
  const story = begin();
  again(story, natOff, { disabled: true, natOutgoing: false });
  expect(story.watch()).toMatchObject({ verdict: null, findings: [] });
  story.putNode("b", {});
  fail(story, "pinned", "one", "the given pool is not enabled");
  story.clock.pass(fiveMinutes);
  expect(story.watch()).toMatchObject({
    verdict: "trouble",
    text: "1 tunnel address is gone and 1 pod got no address because of it.",
  });
});

test("a revert is still noticed after a write of other fields", () => {
  const story = begin();
  again(story, natOff, { disabled: true, natOutgoing: false });
  story.putPool({ disabled: false, natOutgoing: false }, "operator");
  story.told();
  expect(story.watch()).toMatchObject({
    verdict: "reverted",
    text: expect.stringMatching(/^operator changed/),
  });
});

test.each<[string, Partial<Activity>]>([
  ["NAT", natOff],
  ["BGP export", { from: { disableBGPExport: false }, to: { disableBGPExport: true } }],
])("a change of %s moves no tunnel address and fails no pod", (_name, change) => {
  const story = begin({ action: "update", ...change });
  story.putNode("b", {});
  fail(story, "pinned", "one", "the given pool (pool) is not enabled");
  story.clock.pass(fiveMinutes);
  expect(story.watch()).toMatchObject({
    verdict: "quiet",
    text: "Nobody changed it back within five minutes.",
    findings: [],
  });
});

test.each<[string, Partial<Activity>, RawRecord, string]>([
  [
    "of the same field",
    { from: { nodeSelector: "all()" }, to: { nodeSelector: "has(b)" } },
    { nodeSelector: "has(b)" },
    "1 tunnel address moved to another pool. bob wrote nodeSelector again after 2 s, and the watch ended there.",
  ],
  [
    "of the same field and others",
    { from: { nodeSelector: "all()", ...natOff.from }, to: { nodeSelector: "has(b)", ...natOff.to } },
    { nodeSelector: "has(b)", natOutgoing: false },
    "1 tunnel address moved to another pool. bob wrote nodeSelector again after 2 s, and the watch ended there.",
  ],
  [
    "that deletes it",
    { action: "delete", from: { nodeSelector: "all()", disabled: false }, to: null },
    {},
    "1 tunnel address moved to another pool. bob deleted the pool after 2 s, and the watch ended there.",
  ],
])("a later write %s takes its place, and says so", (_name, change, left, text) => {
  const story = begin(
    { action: "update", from: { nodeSelector: "has(a)" }, to: { nodeSelector: "all()" } },
    false,
  );
  story.putNode("b", { [vxlan]: "10.65.0.9" });
  again(story, change, left);
  expect(story.watch()).toMatchObject({ verdict: "superseded", text });
  const saves = story.saves();
  story.putNode("a", {});
  story.clock.pass(fiveMinutes);
  expect(story.saves()).toBe(saves);
});

test("what a created pool is used for is its creation's until somebody changes who gets its addresses", () => {
  const story = begin({ action: "create", from: null, to: { disabled: true, natOutgoing: true } });
  again(story, natOff, { disabled: true, natOutgoing: false });
  expect(story.watch().verdict).toBeNull();
  const change = { action: "enable" as const, from: { disabled: true }, to: { disabled: false } };
  again(story, change, { disabled: false, natOutgoing: false });
  expect(story.watch()).toMatchObject({
    verdict: "superseded",
    text: expect.stringMatching(/^bob wrote disabled again/),
  });
});

test("our own write that changed nothing leaves what others did in the meantime", () => {
  const story = begin();
  const watches = poolWatches(story.inventory);
  watches.hold("pool");
  story.putPool({ disabled: false }, "kubectl-patch");
  story.told();
  watches.release("pool", null);
  expect(story.watch()).toMatchObject({ verdict: "reverted", text: expect.stringMatching(/^kubectl-patch/) });
});

test("the end of the process ends it as interrupted, with what had been seen", () => {
  const story = begin();
  story.putNode("b", {});
  story.told();
  poolWatches(story.inventory).stop();
  expect(story.watch()).toMatchObject({
    verdict: "interrupted",
    text: "This server was stopped before five minutes were over. What had been seen by then stands here.",
    findings: [{ kind: "tunnelLost" }],
  });
});

test("a deleted pool that comes back is a revert", () => {
  const story = begin({ action: "delete", from: { cidr: "10.64.0.0/20" }, to: null });
  event(story.inventory, "pools", "DELETED", pool({}));
  story.told();
  expect(story.saves()).toBe(0);
  event(story.inventory, "pools", "ADDED", pool({}, "operator", { uid: "another" }));
  story.told();
  expect(story.watch()).toMatchObject({ verdict: "reverted", text: "operator created it again after 3 s." });
});

test("what changes nothing that is watched costs no write", () => {
  const story = begin();
  for (let index = 0; index < 20; index += 1) {
    story.putNode("c", { [vxlan]: `10.65.0.${index}` });
    story.told();
  }
  expect(story.saves()).toBe(0);
});
