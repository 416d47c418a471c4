import { beforeEach, describe, expect, test, vi } from "vitest";
import { ChangeEvent, HelloEvent, ResetEvent } from "../../contract/events.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { calicoObject, event, handClock, type HandClock, inventoryOf } from "../../inventory/testing.ts";
import { shareInventory } from "../../inventory/share.ts";
import type { StreamFrame } from "../stream-frame.ts";
import { ChangeFeed } from "./change-feed.ts";

const pool = (name: string, cidr: string, more = {}) => calicoObject("IPPool", name, { cidr, ...more });
const block = (cidr: string, node: string, used: number) => {
  const ordinals = Array.from({ length: 64 }, (_, ordinal) => ordinal);
  return calicoObject("IPAMBlock", cidr.replaceAll(/[./]/g, "-"), {
    cidr,
    affinity: `host:${node}`,
    allocations: ordinals.map((ordinal) => (ordinal < used ? 0 : null)),
    unallocated: ordinals.slice(used),
    attributes: [{ handle_id: "h", secondary: { pod: "p", namespace: "n", node } }],
    sequenceNumber: 1,
    deleted: false,
  });
};

const schemas = { hello: HelloEvent, change: ChangeEvent, reset: ResetEvent };

/** A viewer that reads its frames. */
function viewer() {
  const frames: StreamFrame[] = [];
  const read = () =>
    frames.map(({ plain }) => {
      const [, id, name, data] =
        /^id: (\S+)\nevent: (\w+)\ndata: (.*)\n\n$/.exec(new TextDecoder().decode(plain)) ?? [];
      const schema = schemas[name as keyof typeof schemas];
      return { id, name, data: schema.parse(JSON.parse(data ?? "")) };
    });
  return { frames, send: (frame: StreamFrame) => void frames.push(frame), read };
}

let clock: HandClock;
let inventory: Inventory;
let feed: ChangeFeed;

beforeEach(() => {
  clock = handClock();
  inventory = inventoryOf({ pools: [pool("a", "10.0.0.0/20"), pool("b", "10.1.0.0/20")] }, { clock });
  // Told of what was there from the start, then idle.
  clock.pass(0);
  clock.pass(1000);
  feed = new ChangeFeed(inventory);
});

test("hello comes at once, then a change with the rows that changed", () => {
  const one = viewer();
  feed.open(null, one.send);
  const totals = { pods: 0, namespaces: 0, nodes: 0 };
  expect(one.read()).toMatchObject([
    { id: inventory.version, name: "hello", data: { version: inventory.version, totals } },
  ]);
  event(inventory, "blocks", "ADDED", block("10.0.0.64/26", "n1", 3));
  clock.pass(0);
  const [, change] = one.read();
  expect(change).toMatchObject({
    id: inventory.version,
    name: "change",
    data: {
      pools: [{ name: "a", usage: { inUse: "3" }, blocks: { claimed: "1" } }],
      blocks: [{ name: "10-0-0-64-26", node: "n1", used: 3 }],
      removed: { pools: [], blocks: [] },
    },
  });
});

test("a frame is encoded once for all viewers", () => {
  const viewers = [viewer(), viewer(), viewer()];
  for (const one of viewers) feed.open(null, one.send);
  event(inventory, "pools", "MODIFIED", pool("a", "10.0.0.0/20", { disabled: true }));
  clock.pass(0);
  const frames = viewers.map((one) => one.frames[1]);
  expect(frames[0]).toBeDefined();
  expect(frames.every((frame) => frame === frames[0])).toBe(true);
});

test("many viewers are told in several turns, each of them everything once and in order", async () => {
  const viewers = Array.from({ length: 170 }, viewer);
  const [first, leaving] = [viewers[0], viewers[169]];
  const opened = viewers.map((one) => feed.open(null, one.send));
  event(inventory, "pools", "DELETED", pool("b", "10.1.0.0/20"));
  clock.pass(0);
  expect(first?.frames).toHaveLength(2);
  expect(leaving?.frames).toHaveLength(1);
  opened[169]?.close();
  // Comes while the others are being told: it is told by its hello.
  const late = viewer();
  feed.open(null, late.send);
  event(inventory, "pools", "MODIFIED", pool("a", "10.0.0.0/20", { disabled: true }));
  clock.pass(250);
  await vi.waitFor(() => expect(late.frames).toHaveLength(2), { interval: 1 });
  const frames = first?.frames.slice(1);
  for (const one of viewers.slice(0, 169)) expect(one.frames.slice(1)).toEqual(frames);
  expect(
    frames?.map(({ plain }) => /"removed":\{"pools":\[(.*?)\]/.exec(new TextDecoder().decode(plain))?.[1]),
  ).toEqual(['"b"', ""]);
  expect(leaving?.frames).toHaveLength(1);
});

test("who may not list pods is not told how many there are", async () => {
  const share = shareInventory(inventory, new Set(["pods"]));
  await share.filled;
  const one = viewer();
  new ChangeFeed(share.inventory).open(null, one.send);
  expect(one.read()[0]?.data).toMatchObject({ totals: { pods: null, nodes: 0 } });
});

test("removals are named", () => {
  event(inventory, "blocks", "ADDED", block("10.0.0.64/26", "n1", 3));
  clock.pass(0);
  clock.pass(1000);
  const one = viewer();
  feed.open(null, one.send);
  event(inventory, "blocks", "DELETED", block("10.0.0.64/26", "n1", 3));
  event(inventory, "pools", "DELETED", pool("b", "10.1.0.0/20"));
  clock.pass(0);
  expect(one.read()[1]).toMatchObject({
    data: {
      pools: [{ name: "a", usage: { inUse: "0" } }],
      blocks: [],
      removed: { pools: ["b"], blocks: ["10-0-0-64-26"] },
    },
  });
});

test("a viewer that left hears nothing more", () => {
  const one = viewer();
  feed.open(null, one.send).close();
  event(inventory, "pools", "DELETED", pool("b", "10.1.0.0/20"));
  clock.pass(0);
  expect(one.frames).toHaveLength(1);
});

describe("coming back", () => {
  test("with a version that is known: what was missed, no more", () => {
    const versions = ["a", "b"].map((name) => {
      const before = inventory.version;
      event(
        inventory,
        "pools",
        "MODIFIED",
        pool(name, name === "a" ? "10.0.0.0/20" : "10.1.0.0/20", { disabled: true }),
      );
      clock.pass(1000);
      return before;
    });
    const [first, second] = versions.map((version) => {
      const one = viewer();
      feed.open(version, one.send);
      return one
        .read()
        .map(({ name, data }) => [
          name,
          name === "change" ? ChangeEvent.parse(data).pools.map((row) => row.name) : data.version,
        ]);
    });
    expect(first).toEqual([
      ["hello", versions[0]],
      ["change", ["a"]],
      ["change", ["b"]],
    ]);
    expect(second).toEqual([
      ["hello", versions[1]],
      ["change", ["b"]],
    ]);
  });

  test("with the current version: nothing but hello", () => {
    const one = viewer();
    feed.open(inventory.version, one.send);
    expect(one.read().map(({ name }) => name)).toEqual(["hello"]);
  });

  test.each([
    ["from before the feed", () => `${inventory.version.split(".")[0]}.1`],
    ["of another epoch", () => "17.5"],
    ["from the future", () => `${inventory.version.split(".")[0]}.999999`],
    ["of nonsense", () => "x"],
  ])("with a version %s: reset", (_, version) => {
    const one = viewer();
    feed.open(version(), one.send);
    expect(one.read().map(({ name }) => name)).toEqual(["hello", "reset"]);
    expect(one.read()[1]?.data).toMatchObject({ version: inventory.version });
  });

  test("after more changes than are kept: reset", () => {
    const before = inventory.version;
    for (let index = 0; index < 600; index++) {
      event(inventory, "pools", "MODIFIED", pool("a", "10.0.0.0/20", { disabled: index % 2 === 0 }));
      clock.pass(1000);
    }
    const one = viewer();
    feed.open(before, one.send);
    expect(one.read().map(({ name }) => name)).toEqual(["hello", "reset"]);
  });

  test("after the epoch changed: reset, and frames of the new epoch can be missed again", () => {
    const before = inventory.version;
    inventory.changes.resetAll({ newEpoch: true });
    clock.pass(1000);
    const one = viewer();
    feed.open(before, one.send);
    expect(one.read().map(({ name }) => name)).toEqual(["hello", "reset"]);
    const since = inventory.version;
    event(inventory, "pools", "DELETED", pool("b", "10.1.0.0/20"));
    clock.pass(1000);
    const two = viewer();
    feed.open(since, two.send);
    expect(two.read().map(({ name }) => name)).toEqual(["hello", "change"]);
  });
});
