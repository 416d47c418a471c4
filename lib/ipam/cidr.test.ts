import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AddressError, formatAddress, parseAddress } from "./address.ts";
import {
  type Cidr,
  cidrAround,
  cidrContains,
  cidrContainsCidr,
  cidrSize,
  cidrsOverlap,
  formatCidr,
  lastAddress,
  parseCidr,
} from "./cidr.ts";
import {
  cidrSet,
  cidrSetCovers,
  cidrSetHas,
  cidrSetSize,
  intersectionSize,
  rangesOutside,
} from "./cidr-set.ts";

const cidr = (text: string): Cidr => parseCidr(text).cidr;

describe("parseCidr", () => {
  test.each([
    ["10.64.0.0/20", "10.64.0.0/20", true],
    ["10.64.3.7/20", "10.64.0.0/20", false],
    ["0.0.0.0/0", "0.0.0.0/0", true],
    ["10.64.0.1/32", "10.64.0.1/32", true],
    ["fd00:10:64:0::/64", "fd00:10:64::/64", true],
    ["fd00::1/64", "fd00::/64", false],
    ["::/0", "::/0", true],
    ["::ffff:10.73.0.0/116", "10.73.0.0/20", true],
    ["::ffff:10.73.0.1/116", "10.73.0.0/20", false],
    ["::ffff:0:0/90", "::ffc0:0:0/90", false],
  ])("%s is %s, masked: %s", (text, canonical, masked) => {
    const read = parseCidr(text);
    expect(formatCidr(read.cidr)).toBe(canonical);
    expect(read.masked).toBe(masked);
  });

  test.each([
    "10.64.0.0",
    "10.64.0.0/",
    "10.64.0.0/33",
    "10.64.0.0/020",
    "10.64.0.0/+8",
    "10.64.0.0/-1",
    "10.64.0.0/8/8",
  ])("refuses %j", (text) => {
    expect(() => parseCidr(text)).toThrow(AddressError);
  });
  test.each([
    "fd00::/129",
    "/24",
    "10.64/16",
    " 10.64.0.0/20",
    "10.64.0.0 /20",
    "10.64.0.0/2e1",
    "fe80::%1/64",
    "",
  ])("refuses %j", (text) => {
    expect(() => parseCidr(text)).toThrow(AddressError);
  });
});

test.each([
  ["10.64.0.0/26", 64n, "10.64.0.63"],
  ["10.64.0.1/32", 1n, "10.64.0.1"],
  ["0.0.0.0/0", 2n ** 32n, "255.255.255.255"],
  ["fd00:10:64::/64", 2n ** 64n, "fd00:10:64:0:ffff:ffff:ffff:ffff"],
  ["::/0", 2n ** 128n, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
])("%s has %d addresses up to %s", (text, size, last) => {
  expect(cidrSize(cidr(text))).toBe(size);
  expect(formatAddress(lastAddress(cidr(text)))).toBe(last);
});

test("containment never crosses families", () => {
  expect(cidrContains(cidr("0.0.0.0/0"), parseAddress("fd00::1"))).toBe(false);
  expect(cidrsOverlap(cidr("0.0.0.0/0"), cidr("::/0"))).toBe(false);
  expect(cidrContainsCidr(cidr("10.64.0.0/20"), cidr("10.64.15.192/26"))).toBe(true);
  expect(cidrContainsCidr(cidr("10.64.0.0/20"), cidr("10.64.0.0/19"))).toBe(false);
  expect(cidrsOverlap(cidr("10.64.0.0/20"), cidr("10.64.0.0/19"))).toBe(true);
  expect(cidrsOverlap(cidr("10.64.0.0/20"), cidr("10.64.16.0/20"))).toBe(false);
});

describe("CidrSet", () => {
  test("overlapping and adjacent networks count once", () => {
    const set = cidrSet(
      ["10.0.0.0/25", "10.0.0.128/25", "10.0.0.64/26", "10.0.2.0/32", "fd00::/120"].map(cidr),
    );
    expect(set.v4).toHaveLength(2);
    expect(cidrSetSize(set, 4)).toBe(257n);
    expect(cidrSetSize(set, 6)).toBe(256n);
    expect(cidrSetCovers(set, cidr("10.0.0.0/24"))).toBe(true);
    expect(cidrSetCovers(set, cidr("10.0.0.0/23"))).toBe(false);
    expect(intersectionSize(set, cidr("10.0.0.0/22"))).toBe(257n);
    expect(intersectionSize(set, cidr("10.0.0.192/26"))).toBe(64n);
    expect(cidrSetHas(set, parseAddress("10.0.1.0"))).toBe(false);
  });

  test("agrees with counting one by one", () => {
    const small = fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 32 }))
      .map(([value, prefix]) => cidrAround({ family: 4, value: BigInt(value) }, prefix));
    fc.assert(
      fc.property(fc.array(small, { maxLength: 8 }), small, (members, window) => {
        const set = cidrSet(members);
        let inside = 0n;
        for (let value = window.base; value < window.base + cidrSize(window); value++) {
          const address = { family: 4 as const, value };
          const expected = members.some((member) => cidrContains(member, address));
          expect(cidrSetHas(set, address)).toBe(expected);
          if (expected) inside++;
        }
        expect(intersectionSize(set, window)).toBe(inside);
        expect(cidrSetCovers(set, window)).toBe(inside === cidrSize(window));
        const outside = rangesOutside(set, window).reduce(
          (sum, range) => sum + range.last - range.first + 1n,
          0n,
        );
        expect(inside + outside).toBe(cidrSize(window));
      }),
    );
  });
});
