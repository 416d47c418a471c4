import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AddressError, compareAddresses, formatAddress, formatAddressFull, parseAddress } from "./address.ts";

describe("parseAddress and formatAddress", () => {
  test.each([
    ["10.64.0.7", "10.64.0.7"],
    ["0.0.0.0", "0.0.0.0"],
    ["255.255.255.255", "255.255.255.255"],
    ["::", "::"],
    ["::1", "::1"],
    ["FD00:10:64:0:0:0:0:40", "fd00:10:64::40"],
    ["2001:0db8:0:1:0:0:0:1", "2001:db8:0:1::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["1:0:0:2:3:4:5:0", "1::2:3:4:5:0"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
    ["fd00::", "fd00::"],
    ["::1.2.3.4", "::102:304"],
    ["::ffff:10.0.0.1", "10.0.0.1"],
    ["::ffff:a00:1", "10.0.0.1"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ])("%s is %s", (text, canonical) => {
    expect(formatAddress(parseAddress(text))).toBe(canonical);
  });

  test.each(
    [
      [
        "",
        " 10.0.0.1",
        "10.0.0.1 ",
        "10.0.0.01",
        "10.0.0.256",
        "10.0.0",
        "10.1",
        "0x0a.0.0.1",
        "10.0.0.1/32",
        "10.0.0.1\n",
      ],
      ["10.0.0.1.", ".10.0.0.1", "10..0.1", "10.0.0.-1", "1e1.0.0.1", "167772161", "10.0.0.1:80", "١٠.٠.٠.١"],
      [
        "fe80::1%eth0",
        ":::",
        "1::2::3",
        ":1::2",
        "1::2:",
        "12345::",
        "g::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "[::1]",
      ],
      [
        "1:2:3:4:5:6:7::8",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1.2.3",
        "::1.2.3.04",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "::/0",
        "-1::",
      ],
    ].flat(),
  )("refuses %j", (text) => {
    expect(() => parseAddress(text)).toThrow(AddressError);
  });

  test("every address survives its text", () => {
    const address = fc.oneof(
      fc.bigInt(0n, 2n ** 32n - 1n).map((value) => ({ family: 4 as const, value })),
      fc
        .bigInt(0n, 2n ** 128n - 1n)
        .filter((value) => value >> 32n !== 0xffffn)
        .map((value) => ({ family: 6 as const, value })),
      fc
        .array(fc.constantFrom<bigint[]>(0n, 1n, 0xffffn), { minLength: 8, maxLength: 8 })
        .map((groups) => ({
          family: 6 as const,
          value: groups.reduce((sum, group) => (sum << 16n) | group, 0n),
        }))
        .filter(({ value }) => value >> 32n !== 0xffffn),
    );
    fc.assert(
      fc.property(address, (one) => {
        expect(parseAddress(formatAddress(one))).toEqual(one);
        expect(parseAddress(formatAddressFull(one))).toEqual(one);
      }),
    );
  });
});

test("addresses compare by number, not by text", () => {
  const texts = ["fd00::1", "10.64.0.10", "10.64.0.9", "9.255.255.255"];
  expect(
    texts
      .map((text) => parseAddress(text))
      .sort(compareAddresses)
      .map(formatAddress),
  ).toEqual(["9.255.255.255", "10.64.0.9", "10.64.0.10", "fd00::1"]);
});
