import { expect, test } from "vitest";
import * as fc from "fast-check";
import { wordOf } from "./words.ts";

test("is the text of the bytes, whatever was read before", () => {
  // U+00C3 U+00A9 as characters look like the two bytes of "é".
  const words = fc.oneof(
    fc.constantFrom("é", "\u00c3\u00a9", "a", "", "node-0001"),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 20 }), (all) => {
      const bytes = Buffer.from(all.join("/"));
      for (const word of [...all, ...all]) {
        const start = bytes.indexOf(word);
        const length = Buffer.byteLength(word);
        if (start >= 0)
          expect(wordOf(bytes, start, start + length)).toBe(bytes.toString("utf8", start, start + length));
      }
    }),
  );
});

test("bytes that are no text are what they are elsewhere", () => {
  const bytes = Buffer.from([0xff, 0x61, 0xc3]);
  for (let time = 0; time < 2; time += 1) expect(wordOf(bytes, 0, 3)).toBe("\ufffda\ufffd");
});
