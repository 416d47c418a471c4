import { expect, test } from "vitest";
import { cidrsOverlap, parseCidr } from "../../ipam/cidr.ts";
import { chooseCidrs } from "./free-cidrs.ts";

test("nothing that is taken overlaps what is chosen, and what is chosen does not overlap itself", () => {
  const taken = ["10.0.0.0/9", "172.18.0.2", "10.200.0.0/16", "100.64.0.0/10", "not an address", "fd00::/8"];
  expect(chooseCidrs(taken)).toBeNull();
  for (let round = 0; round < 50; round++) {
    const chosen = chooseCidrs(taken.slice(0, -1));
    const cidrs = Object.values(chosen ?? {}).map((cidr: string) => parseCidr(cidr));
    expect(cidrs.map(({ masked }) => masked)).toEqual([true, true, true, true]);
    const others = ["10.0.0.0/9", "172.18.0.0/24", "10.200.0.0/16", "100.64.0.0/10"].map((cidr) =>
      parseCidr(cidr),
    );
    const all = [...cidrs, ...others].map(({ cidr }) => cidr);
    for (const [at, one] of all.entries())
      for (const other of all.slice(at + 1)) expect(cidrsOverlap(one, other)).toBe(false);
  }
});

test("pools that cover all private ranges leave nothing", () => {
  expect(chooseCidrs(["0.0.0.0/0"])).toBeNull();
  expect(chooseCidrs(["10.0.0.0/8", "172.16.0.0/12", "100.64.0.0/10"])).toBeNull();
});
