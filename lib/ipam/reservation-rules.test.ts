import { describe, expect, test } from "vitest";
import { formatCidr } from "./cidr.ts";
import { judgeReservation } from "./reservation-rules.ts";

const judge = (...cidrs: string[]) =>
  judgeReservation({ name: "gateways", labels: {}, annotations: {}, cidrs });

test.each([
  ["10.64.0.0/29", "10.64.0.0/29"],
  ["10.64.0.7", "10.64.0.7/32"],
  ["fd00::1", "fd00::1/128"],
  ["FD00:0::/64", "fd00::/64"],
  ["10.64.0.5/29", "10.64.0.0/29"],
  ["::ffff:10.64.0.1", "10.64.0.1/32"],
  ["0.0.0.0/0", "0.0.0.0/0"],
])("%s reserves %s", (written, stored) => {
  const { cidrs, errors } = judge(written);
  expect(errors).toEqual([]);
  expect(cidrs.map(formatCidr)).toEqual([stored]);
});

describe("refused by field", () => {
  test.each([
    ["no address at all", ["nonsense"], "spec.reservedCIDRs[0]"],
    ["empty text", ["10.64.0.1", ""], "spec.reservedCIDRs[1]"],
    ["a short form", ["10.64"], "spec.reservedCIDRs[0]"],
    ["a leading zero", ["10.064.0.0/29"], "spec.reservedCIDRs[0]"],
    ["a prefix that is too long", ["10.64.0.0/33"], "spec.reservedCIDRs[0]"],
    ["a range", ["10.64.0.1-10.64.0.9"], "spec.reservedCIDRs[0]"],
    ["a blank", ["10.64.0.1 "], "spec.reservedCIDRs[0]"],
    ["the same twice", ["10.64.0.1", "10.64.0.1/32"], "spec.reservedCIDRs[1]"],
    ["the same twice, by host bits", ["10.64.0.0/29", "10.64.0.3/29"], "spec.reservedCIDRs[1]"],
  ])("%s", (_, cidrs, field) => {
    expect(judge(...cidrs).errors.map((error) => error.field)).toEqual([field]);
  });

  test("a name that no object can have", () => {
    const { errors } = judgeReservation({ name: "Not_A_Name", labels: {}, annotations: {}, cidrs: [] });
    expect(errors.map(({ field }) => field)).toEqual(["metadata.name"]);
  });
});

test("overlapping entries are allowed, host bits and an empty list are told", () => {
  expect(judge("10.64.0.0/24", "10.64.0.0/29")).toMatchObject({ errors: [], warnings: [] });
  expect(judge("10.64.0.5/29").warnings).toEqual([
    "10.64.0.5/29 has host bits set: it reserves 10.64.0.0/29",
  ]);
  expect(judge().warnings).toHaveLength(1);
});
