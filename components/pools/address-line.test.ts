import fc from "fast-check";
import { expect, test } from "vitest";
import { cidrAround, parseCidr } from "@/lib/ipam/cidr.ts";
import { addressLine } from "./address-line-model.ts";

const cidr = (text: string) => parseCidr(text).cidr;
const pools = [
  { name: "internal", cidr: cidr("10.64.16.0/20") },
  { name: "external", cidr: cidr("10.64.0.0/20") },
  { name: "edge", cidr: cidr("10.64.64.0/20") },
  { name: "far", cidr: cidr("192.168.0.0/16") },
  { name: "six", cidr: cidr("fd00::/64") },
];
const line = (...wanted: string[]) => addressLine(wanted.map(cidr), pools);

test("nothing is wanted yet", () => {
  expect(line()).toBeNull();
});

test("between two pools", () => {
  const found = line("10.64.32.0/20");
  expect(found).toMatchObject({ below: "internal", above: "edge", overlapped: [] });
  expect(found?.pools.map(({ name }) => name)).toEqual(["external", "internal", "edge"]);
  const [, internal, edge, wanted] = found?.segments ?? [];
  expect(wanted?.kind).toBe("wanted");
  expect(internal?.to).toBeCloseTo(wanted?.from ?? -1, 5);
  expect(wanted?.to).toBeLessThan(edge?.from ?? -1);
});

test("the overlap is marked, and names whom it concerns", () => {
  const found = line("10.64.0.0/19");
  expect(found?.overlapped.map(({ name }) => name)).toEqual(["external", "internal"]);
  expect(found?.segments.map(({ kind }) => kind)).toContain("overlap");
  expect(found).toMatchObject({ below: null, above: null });
});

test("what lies inside a large pool shows the whole pool", () => {
  const found = line("192.168.7.9/32");
  expect(found?.segments).toMatchObject([{ name: "far" }, { kind: "overlap" }]);
  expect(found?.segments[0]?.to).toBeGreaterThan(0.9);
});

test("a pool of another family is not in sight, and a far one is only named", () => {
  expect(line("fd00:1::/64")).toMatchObject({ below: "six", above: null });
  const far = line("172.16.0.0/24");
  expect(far).toMatchObject({ below: "edge", above: "far", pools: [] });
});

test("any networks: every segment lies on the line", () => {
  const any = fc
    .tuple(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.integer({ min: 0, max: 128 }))
    .map(([value, prefix]) => cidrAround({ family: 6, value }, prefix));
  fc.assert(
    fc.property(
      fc.array(any, { minLength: 1, maxLength: 3 }),
      fc.array(any, { maxLength: 6 }),
      (wanted, others) => {
        const found = addressLine(
          wanted,
          others.map((each, index) => ({ name: String(index), cidr: each })),
        );
        for (const { from, to } of found?.segments ?? []) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(1);
          expect(from).toBeLessThanOrEqual(to);
        }
      },
    ),
  );
});
