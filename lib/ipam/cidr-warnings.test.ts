import { expect, test } from "vitest";
import { parseCidr } from "./cidr.ts";
import { cidrWarnings } from "./cidr-warnings.ts";

const nodes = [
  { name: "a", addresses: ["192.168.1.10", "fd00::10"] },
  { name: "b", addresses: ["192.168.1.11", "not an address"] },
];
const warnings = (text: string) => cidrWarnings(parseCidr(text).cidr, nodes);

test.each<[string, string | null]>([
  ["10.64.0.0/20", null],
  ["fd00:1::/64", null],
  ["192.168.2.0/24", null],
  ["192.168.1.0/24", "192.168.1.10 of a and 1 more"],
  ["192.168.1.8/30", "192.168.1.10 of a and 1 more"],
  ["192.168.1.10/32", "192.168.1.10 of a."],
  ["fd00::/64", "fd00::10 of a."],
  ["127.0.0.0/16", "loopback"],
  ["::/64", "loopback"],
  ["224.0.0.0/8", "multicast"],
  ["ff00::/64", "multicast"],
  ["240.0.0.0/8", "reserved"],
  ["10.100.0.0/16", "Services"],
  ["172.17.8.0/24", "Docker"],
])("%s", (cidr, words) => {
  const told = warnings(cidr).join(" ");
  if (words === null) expect(told).toBe("");
  else expect(told).toContain(words);
});

test("everything at once", () => {
  expect(warnings("0.0.0.0/0")).toHaveLength(6);
});
