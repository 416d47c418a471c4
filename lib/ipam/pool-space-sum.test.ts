import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Cidr, cidrAround, cidrSize, parseCidr } from "./cidr.ts";
import { type CidrSet, cidrSet, intersectionSize } from "./cidr-set.ts";
import { poolSpace } from "./pool-space.ts";
import { type CountedBlock, PoolSpaceSum } from "./pool-space-sum.ts";

const cidr = (text: string) => parseCidr(text).cidr;

function counted(block: Cidr, reservations: CidrSet): CountedBlock {
  const reserved = Number(intersectionSize(reservations, block));
  return { cidr: block, counts: { reserved, capacity: Number(cidrSize(block)) } };
}

const near = (shortest: number) =>
  fc
    .record({ value: fc.nat(1023), prefix: fc.integer({ min: shortest, max: 32 }) })
    .map(({ value, prefix }) => cidrAround({ family: 4, value: 0x0a000000n + BigInt(value) }, prefix));
/** Mostly of the pool's size, often the same one again; some larger, some smaller, some that reach out of the pool. */
const block = fc.oneof(
  { weight: 3, arbitrary: near(28).map(({ family, base }) => cidrAround({ family, value: base }, 28)) },
  { weight: 1, arbitrary: near(21) },
);
const change = fc.record({ block, take: fc.option(fc.nat(9), { nil: null }), asks: fc.boolean() });

test.each([
  ["10.0.0.0/22", 28],
  ["10.0.0.0/24", 28],
  ["10.0.0.0/30", 28],
  ["10.0.0.0/22", 122],
] as const)("%s in /%s: whatever came and went, it is what counting the blocks says", (pool, blockSize) => {
  const grid = { cidr: cidr(pool), blockSize };
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 40 }),
      fc.array(near(23), { maxLength: 4 }),
      (changes, reserved) => {
        const reservations = cidrSet(reserved);
        const sum = new PoolSpaceSum(grid);
        const blocks: CountedBlock[] = [];
        for (const each of changes) {
          if (each.take !== null && blocks.length > 0) {
            const [gone] = blocks.splice(each.take % blocks.length, 1);
            if (gone) sum.take(gone);
          } else {
            const come = counted(each.block, reservations);
            blocks.push(come);
            sum.add(come);
          }
          if (!each.asks) continue;
          const cidrs = blocks.map((one) => one.cidr);
          expect(sum.space(reservations)).toEqual(poolSpace(grid, cidrs, reservations));
        }
      },
    ),
  );
});

test("IPv6 pools are subtracted from, not enumerated", () => {
  const grid = { cidr: cidr("fd00:10:64::/64"), blockSize: 122 };
  const reservations = cidrSet([cidr("fd00:10:64:0:8000::/65")]);
  const blocks = ["fd00:10:64::40/122", "fd00:10:64:0:8000::/122", "fd00:10:64::1000/124"].map((text) =>
    counted(cidr(text), reservations),
  );
  const sum = new PoolSpaceSum(grid);
  for (const one of blocks) sum.add(one);
  const cidrs = blocks.map((one) => one.cidr);
  expect(sum.space(reservations)).toEqual(poolSpace(grid, cidrs, reservations));
  expect(sum.space(reservations).blocksLeft).toBe(2n ** 57n - 2n);
});
