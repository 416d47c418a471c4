import { expect, test } from "vitest";
import { formatCidr } from "@/lib/ipam/cidr.ts";
import { judgeForm, reservationDocument } from "./reservation-draft.ts";

const judge = (name: string, entries: string) => judgeForm({ name, entries }, new Set(["taken"]));

test("entries are parted by lines, blanks and commas", () => {
  const judged = judge("gateways", "10.64.0.0/29, 10.64.1.1\n\n fd00::1 ");
  expect(judged).toMatchObject({ name: null, list: null });
  expect(judged.cidrs.map(formatCidr)).toEqual(["10.64.0.0/29", "10.64.1.1/32", "fd00::1/128"]);
  expect(reservationDocument({ name: "a", entries: "10.0.0.1 10.0.0.2" }).spec.reservedCIDRs).toEqual([
    "10.0.0.1",
    "10.0.0.2",
  ]);
});

test.each([
  ["", "10.64.0.1", { name: "A reservation needs a name", list: null }],
  ["taken", "10.64.0.1", { name: "taken exists already" }],
  ["No", "10.64.0.1", { name: expect.stringContaining("lower case") }],
  ["a", "", { list: "Name at least one address or CIDR" }],
  ["a", "10.64.0.1 nonsense", { list: "nonsense is neither an address nor a CIDR such as 10.64.0.0/29" }],
  ["a", "10.64.0.1 10.64.0.1", { list: "10.64.0.1/32 is named twice" }],
  ["a", "10.64.0.0/40", { list: expect.stringMatching(/^"10\.64\.0\.0\/40" has a prefix longer/) }],
])("%j with %j", (name, entries, expected) => {
  expect(judge(name, entries)).toMatchObject(expected);
});
