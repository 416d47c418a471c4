import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseAddress } from "./address.ts";
import { attribute, newBlock, takeFromBlock } from "./block-ops.ts";
import { type Cidr, cidrAround, cidrsOverlap, formatCidr, parseCidr } from "./cidr.ts";
import { cidrSet, emptyCidrSet } from "./cidr-set.ts";
import { FirstOverlap } from "./first-overlap.ts";
import { overlay } from "./overlay-map.ts";
import { readPool } from "../recordings/stored.ts";
import { utilization } from "./utilization.ts";

const cidr = (text: string): Cidr => parseCidr(text).cidr;
const owner = { type: "host" as const, name: "a" };

function block(text: string, used: number) {
  const request = { attribute: attribute("h", { node: "a", pod: "p" }), owner, mustBeOwner: false };
  const taken = takeFromBlock(newBlock(cidr(text), owner, 1n), used, request, emptyCidrSet);
  if (!taken.ok) throw new Error(taken.error);
  return taken.block;
}

test("the worked example: reservations in use, string order of blocks, one block outside every pool", () => {
  const pools = [
    readPool("internal-pool", { cidr: "10.64.16.0/20" }),
    readPool("default-ipv4-ippool", { cidr: "10.255.0.0/16" }),
    readPool("external-pool", { cidr: "10.64.0.0/20" }),
  ];
  const blocks = Object.entries({
    "10.64.9.0/26": 3,
    "10.64.1.64/26": 3,
    "10.64.1.128/26": 3,
    "10.64.20.0/26": 8,
    "10.64.21.192/26": 1,
    "10.99.0.0/26": 2,
    "fd00::/122": 2,
  }).map(([text, used]) => block(text, used));
  const uses = utilization(pools, blocks, cidrSet([cidr("10.64.20.32/27"), cidr("10.64.20.48/28")]));
  expect(uses.map((use) => [use.pool?.name, use.inUse, use.reserved, use.pool && use.free])).toEqual([
    ["default-ipv4-ippool", 0n, 0n, 65536n],
    ["external-pool", 9n, 0n, 4087n],
    ["internal-pool", 9n, 32n, 4055n],
    [undefined, 2n, 32n, null],
  ]);
  expect(uses[1]?.blocks.map((one) => formatCidr(one.cidr))).toEqual([
    "10.64.1.128/26",
    "10.64.1.64/26",
    "10.64.9.0/26",
  ]);
  expect(
    uses[2]?.blocks.map(({ capacity, inUse, reserved, free }) => [capacity, inUse, reserved, free]),
  ).toEqual([
    [64, 8, 32, 24],
    [64, 1, 0, 63],
  ]);
  expect(uses[3]?.blocks).toHaveLength(1);
});

test("a /64 is counted exactly", () => {
  const pools = [readPool("six", { cidr: "fd00::/64" })];
  const [use] = utilization(pools, [block("fd00::40/122", 5)], cidrSet([cidr("fd00::8000:0:0:0/65")]));
  expect([use?.capacity, use?.reserved, use?.free]).toEqual([2n ** 64n, 2n ** 63n, 2n ** 63n - 5n]);
});

test("the first overlap is what a walk would find", () => {
  const network = fc
    .tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 26, max: 32 }))
    .map(([offset, prefix]) => ({ cidr: cidrAround(parseAddress(`10.64.0.${offset}`), prefix) }));
  fc.assert(
    fc.property(fc.array(network, { maxLength: 8 }), network, (items, wanted) => {
      const walked = items.find((item) => cidrsOverlap(item.cidr, wanted.cidr)) ?? null;
      expect(new FirstOverlap(items).find(wanted.cidr)).toBe(walked);
    }),
  );
});

test("a changed map reads like a copy with the changes made", () => {
  const change = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.option(fc.nat(99)));
  fc.assert(
    fc.property(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 40 }), (rounds) => {
      let view: ReadonlyMap<number, number> = new Map([
        [0, 0],
        [1, 1],
      ]);
      const copy = new Map(view);
      for (const round of rounds) {
        view = overlay(view, new Map(round));
        for (const [key, value] of new Map(round)) {
          if (value === null) copy.delete(key);
          else copy.set(key, value);
        }
        expect(new Map(view)).toEqual(copy);
        expect(view.size).toBe(copy.size);
        expect([...view.keys()].every((key) => view.get(key) === copy.get(key) && view.has(key))).toBe(true);
      }
    }),
  );
});
