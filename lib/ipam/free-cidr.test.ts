import fc from "fast-check";
import { expect, test } from "vitest";
import { type Cidr, cidrAround, cidrContainsCidr, cidrsOverlap, formatCidr, parseCidr } from "./cidr.ts";
import { freeCidr } from "./free-cidr.ts";

const named = (...pools: (readonly [string, string])[]) =>
  pools.map(([name, text]) => ({ name, cidr: parseCidr(text).cidr }));
const told = (...args: Parameters<typeof freeCidr>) => {
  const found = freeCidr(...args);
  return found && [formatCidr(found.cidr), found.below, found.above];
};

test.each([
  [
    "between two pools",
    20,
    named(["internal", "10.64.32.0/20"], ["edge", "10.64.64.0/20"]),
    ["10.64.48.0/20", "internal", "edge"],
  ],
  [
    "above the last, where nothing fits between",
    20,
    named(["a", "10.64.0.0/20"], ["b", "10.64.16.0/20"]),
    ["10.64.32.0/20", "b", null],
  ],
  [
    "the tighter of two places beside pools",
    20,
    named(["legacy", "10.48.0.0/18"], ["external", "10.64.0.0/20"], ["edge", "10.70.8.0/24"]),
    ["10.64.16.0/20", "external", "edge"],
  ],
  ["larger than the pool beside it", 16, named(["a", "10.64.0.0/20"]), ["10.63.0.0/16", null, "a"]],
  ["in the private range of the pools", 24, named(["a", "192.168.0.0/24"]), ["192.168.1.0/24", "a", null]],
  ["without a pool", 20, [], ["10.0.0.0/20", null, null]],
  ["beside a public pool", 20, named(["public", "198.51.100.0/24"]), ["10.0.0.0/20", null, null]],
] as const)("%s", (_, prefix, pools, expected) => {
  expect(told(prefix, 4, pools)).toEqual(expected);
});

test("what is to be avoided is avoided", () => {
  const avoid = [parseCidr("192.168.1.0/24").cidr];
  expect(told(24, 4, named(["a", "192.168.0.0/24"]), avoid)).toEqual(["192.168.2.0/24", "a", null]);
});

test("IPv6: in the /48 of a pool, and nothing where there is none to go by", () => {
  expect(told(64, 6, named(["six", "fd00:10:64::/64"]))).toEqual(["fd00:10:64:1::/64", "six", null]);
  expect(told(48, 6, named(["six", "fd00:10:64::/48"]))?.[0]).toMatch(/^fd00:10:6[35]::\/48$/);
  expect(told(64, 6, named(["four", "10.64.0.0/20"]))).toBeNull();
});

test("everything is taken, or it would not fit in any private range", () => {
  expect(freeCidr(24, 4, named(["a", "192.168.0.0/16"]))).toBeNull();
  expect(freeCidr(7, 4, named(["a", "10.64.0.0/20"]))).toBeNull();
  expect(freeCidr(33, 4, [])).toBeNull();
});

const ten = parseCidr("10.0.0.0/8").cidr;
const eight: fc.Arbitrary<Cidr> = fc
  .tuple(fc.nat(0xff_ffff), fc.integer({ min: 9, max: 28 }))
  .map(([host, prefix]) => cidrAround({ family: 4, value: ten.base + BigInt(host) }, prefix));

test("any pools: it overlaps none, is aligned, stays in their private range, and is found where there is one", () => {
  fc.assert(
    fc.property(
      fc.array(eight, { minLength: 1, maxLength: 12 }),
      fc.array(eight, { maxLength: 3 }),
      fc.integer({ min: 9, max: 16 }),
      (cidrs, avoid, prefix) => {
        const pools = cidrs.map((cidr, index) => ({ name: String(index), cidr }));
        const found = freeCidr(prefix, 4, pools, avoid);
        const taken = [...cidrs, ...avoid];
        const step = 1n << BigInt(32 - prefix);
        const all = Array.from({ length: 2 ** (prefix - 8) }, (_unused, index): Cidr => ({
          family: 4,
          base: ten.base + BigInt(index) * step,
          prefix,
        }));
        const isFree = (cidr: Cidr) => !taken.some((other) => cidrsOverlap(other, cidr));
        if (found === null) {
          expect(all.filter(isFree)).toEqual([]);
          return;
        }
        expect(isFree(found.cidr)).toBe(true);
        expect(found.cidr.base % step).toBe(0n);
        expect(cidrContainsCidr(ten, found.cidr)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

test("IPv6 pools of any size: it overlaps none and lies beside them, without walking the space", () => {
  const six = fc
    .tuple(fc.bigInt({ min: 0n, max: (1n << 80n) - 1n }), fc.integer({ min: 40, max: 120 }))
    .map(([host, prefix]) => cidrAround({ family: 6, value: (0xfd00_0010_0064n << 80n) + host }, prefix));
  fc.assert(
    fc.property(
      fc.array(six, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 44, max: 124 }),
      (cidrs, prefix) => {
        const pools = cidrs.map((cidr, index) => ({ name: String(index), cidr }));
        const found = freeCidr(prefix, 6, pools);
        if (found === null) return;
        expect(cidrs.some((cidr) => cidrsOverlap(cidr, found.cidr))).toBe(false);
        expect(found.below ?? found.above).not.toBeNull();
      },
    ),
  );
});
