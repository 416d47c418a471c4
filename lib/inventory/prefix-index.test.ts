import { expect, test } from "vitest";
import type { Cidr } from "../ipam/cidr.ts";
import { PrefixIndex } from "./prefix-index.ts";

const v4 = (base: number, prefix: number): Cidr => ({ family: 4, base: BigInt(base), prefix });
const ten = 10 * 2 ** 24;

function filled() {
  const index = new PrefixIndex<string>();
  index.add(v4(ten, 8), "ten");
  index.add(v4(ten + 64, 26), "block");
  index.add(v4(0, 0), "all");
  index.add({ family: 6, base: 0xfdn << 120n, prefix: 64 }, "six");
  return index;
}

test.each([
  [{ family: 4 as const, value: BigInt(ten + 65) }, ["all", "block", "ten"]],
  [{ family: 4 as const, value: BigInt(ten + 1) }, ["all", "ten"]],
  [{ family: 4 as const, value: 0xffffffffn }, ["all"]],
  [{ family: 6 as const, value: (0xfdn << 120n) + 5n }, ["six"]],
  [{ family: 6 as const, value: 5n }, []],
])("the CIDRs that contain %o", (address, expected) => {
  expect([...filled().containing(address)].sort()).toEqual(expected);
});

test.each([
  [v4(ten, 20), ["all", "block", "ten"]],
  [v4(ten + 4096, 20), ["all", "ten"]],
  [v4(ten + 64, 32), ["all", "block", "ten"]],
])("the CIDRs that overlap %o", (cidr, expected) => {
  expect([...filled().overlapping(cidr)].sort()).toEqual(expected);
});

test("a removed value is gone, its twin on the same CIDR stays", () => {
  const index = filled();
  index.add(v4(ten + 64, 26), "twin");
  index.remove(v4(ten + 64, 26), "block");
  index.remove(v4(0, 0), "all");
  expect([...index.containing({ family: 4, value: BigInt(ten + 65) })].sort()).toEqual(["ten", "twin"]);
  expect(index.atIpv4(ten + 127)).not.toBeNull();
  index.remove(v4(ten, 8), "ten");
  index.remove(v4(ten + 64, 26), "twin");
  expect(index.atIpv4(ten + 65)).toBeNull();
});
