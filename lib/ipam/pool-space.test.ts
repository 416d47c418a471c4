import * as fc from "fast-check";
import { expect, test } from "vitest";
import { cidrAround, type Cidr, parseCidr } from "./cidr.ts";
import { cidrSet } from "./cidr-set.ts";
import { poolSpace } from "./pool-space.ts";

const cidr = (text: string) => parseCidr(text).cidr;
const space = (pool: string, blockSize: number, blocks: string[], reserved: string[]) =>
  poolSpace({ cidr: cidr(pool), blockSize }, blocks.map(cidr), cidrSet(reserved.map(cidr)));

test.each([
  ["nothing claimed", [], [], { freeOutsideBlocks: 4096n, reserved: 0n, blocksLeft: 64n }],
  ["one block", ["10.64.0.64/26"], [], { freeOutsideBlocks: 4032n, blocksLeft: 63n }],
  [
    "a reservation in a block",
    ["10.64.0.64/26"],
    ["10.64.0.120/29"],
    { freeOutsideBlocks: 4032n, reserved: 8n, blocksLeft: 63n },
  ],
  [
    "a wholly reserved slot",
    ["10.64.0.64/26"],
    ["10.64.1.0/26"],
    { freeOutsideBlocks: 3968n, reserved: 64n, blocksLeft: 62n },
  ],
  ["reserved in two halves", [], ["10.64.1.0/27", "10.64.1.32/27"], { reserved: 64n, blocksLeft: 63n }],
  [
    "a reserved slot that is claimed",
    ["10.64.1.0/26"],
    ["10.64.1.0/24"],
    { freeOutsideBlocks: 3840n, blocksLeft: 60n },
  ],
  [
    "a larger and a smaller block",
    ["10.64.1.0/24", "10.64.2.0/28"],
    [],
    { freeOutsideBlocks: 3824n, blocksLeft: 59n },
  ],
  [
    "overlapping blocks",
    ["10.64.1.0/24", "10.64.1.64/26"],
    [],
    { freeOutsideBlocks: 3840n, blocksLeft: 60n },
  ],
  ["a block that reaches out of the pool", ["10.64.0.0/19"], [], { freeOutsideBlocks: 0n, blocksLeft: 0n }],
])("%s", (_, blocks, reserved, expected) => {
  expect(space("10.64.0.0/20", 26, blocks, reserved)).toMatchObject({
    capacity: 4096n,
    possibleBlocks: 64n,
    ...expected,
  });
});

test("IPv6 pools are counted, not enumerated", () => {
  const counted = space("fd00:10:64::/64", 122, ["fd00:10:64::40/122"], ["fd00:10:64:0:8000::/65"]);
  expect(counted.possibleBlocks).toBe(2n ** 58n);
  expect(counted.blocksLeft).toBe(2n ** 57n - 1n);
  expect(counted.freeOutsideBlocks).toBe(2n ** 63n - 64n);
});

test("equals counting address by address", () => {
  const inPool = (shortest: number) =>
    fc
      .record({ value: fc.nat(1023), prefix: fc.integer({ min: shortest, max: 32 }) })
      .map(({ value, prefix }) => cidrAround({ family: 4, value: 0x0a000000n + BigInt(value) }, prefix));
  fc.assert(
    fc.property(
      fc.array(inPool(24), { maxLength: 5 }),
      fc.array(inPool(23), { maxLength: 4 }),
      (blocks, reserved) => {
        const pool = { cidr: { family: 4, base: 0x0a000000n, prefix: 22 } as Cidr, blockSize: 28 };
        const has = (cidrs: Cidr[], at: number) =>
          cidrs.some(
            (one) => cidrAround({ family: 4, value: 0x0a000000n + BigInt(at) }, one.prefix).base === one.base,
          );
        const all = Array.from({ length: 1024 }, (_, at) => at);
        const slots = Array.from({ length: 64 }, (_, slot) => all.slice(slot * 16, slot * 16 + 16));
        const counted = poolSpace(pool, blocks, cidrSet(reserved));
        expect(counted.reserved).toBe(BigInt(all.filter((at) => has(reserved, at)).length));
        expect(counted.freeOutsideBlocks).toBe(
          BigInt(all.filter((at) => !has(reserved, at) && !has(blocks, at)).length),
        );
        const left = slots.filter(
          (slot) => !slot.some((at) => has(blocks, at)) && !slot.every((at) => has(reserved, at)),
        );
        expect(counted.blocksLeft).toBe(BigInt(left.length));
      },
    ),
  );
});
