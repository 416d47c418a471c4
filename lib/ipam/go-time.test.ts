import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatGoTime, goMilliseconds, parseGoTime } from "./go-time.ts";

test.each([
  ["2026-08-22 12:00:00.123456789 +0000 UTC", "2026-08-22T12:00:00.123Z"],
  ["2026-08-22 12:00:00.1 +0000 UTC", "2026-08-22T12:00:00.100Z"],
  ["2026-08-22 12:00:00 +0000 UTC", "2026-08-22T12:00:00.000Z"],
  ["2026-08-22 12:00:00.5 +0200 CEST m=+0.1", "2026-08-22T10:00:00.500Z"],
  ["0001-01-01 00:00:00 +0000 UTC", "0001-01-01T00:00:00.000Z"],
  ["2026-13-22 12:00:00 +0000 UTC", null],
  ["2026-08-22T12:00:00Z", null],
  ["", null],
])("%s in Go is %s", (text, expected) => expect(parseGoTime(text)).toBe(expected));

test("in milliseconds it is the same time, of whatever has its form, or nearly", () => {
  const times = fc.oneof(
    fc
      .bigInt({ min: -62_135_596_800n, max: 253_402_300_799n })
      .chain((second) =>
        fc.nat(999_999_999).map((fraction) => formatGoTime(second * 1_000_000_000n + BigInt(fraction))),
      ),
    fc.stringMatching(
      /^(1999|2026|2024|0001|0099)-\d\d-[0-3]\d [0-2]\d:\d\d:\d\d(\.\d{0,10})? (\+0000 UTC|-0730 X)$/,
    ),
    fc.stringMatching(/^2026-0[0-9:][-/]\d[\d/][ T]1[\d ][:.][0-5][\d.][:-]0\d\.\d{1,3}[\d a]? \+0000 UTC$/),
  );
  fc.assert(
    fc.property(times, (text) => {
      expect(goMilliseconds(text)).toBe(Date.parse(parseGoTime(text) ?? ""));
    }),
    { numRuns: 3_000 },
  );
});
