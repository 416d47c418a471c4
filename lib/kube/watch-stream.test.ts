import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineSplitter, OverlongLineError } from "./watch-stream.ts";

describe("LineSplitter", () => {
  test("cuts at 0x0A only", () => {
    const splitter = new LineSplitter(1000);
    expect(splitter.push(Buffer.from("a\u2028b\u2029c\u0085d\r\n\ne\n half"))).toEqual([
      "a\u2028b\u2029c\u0085d\r",
      "e",
    ]);
    expect(splitter.push(Buffer.from(" line\n"))).toEqual([" half line"]);
  });

  test("gives the same lines however the bytes are cut", () => {
    const text = fc.string({ unit: "grapheme" }).map((each) => each.replaceAll("\n", ""));
    fc.assert(
      fc.property(fc.array(text), fc.array(fc.nat(12)), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        const splitter = new LineSplitter(1_000_000);
        const found: string[] = [];
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          found.push(...splitter.push(bytes.subarray(at, at + cut)));
          at += cut;
        }
        expect(found).toEqual(
          lines.filter((line) => line !== "").map((line) => Buffer.from(line).toString()),
        );
      }),
    );
  });

  test("throws at the first byte too many of a line, not of the stream", () => {
    const splitter = new LineSplitter(10);
    for (let i = 0; i < 5; i += 1) expect(splitter.push(Buffer.from("12345\n6789\n"))).toHaveLength(2);
    splitter.push(Buffer.from("1234567890"));
    expect(() => splitter.push(Buffer.from("1"))).toThrow(OverlongLineError);
  });
});
