import fc from "fast-check";
import { expect, test } from "vitest";
import { differing } from "./pool-map-differing.ts";

const columns = fc
  .record({
    width: fc.constantFrom(Uint8Array, Uint16Array, Uint32Array),
    /** Where in its buffer a column begins, in values. */
    starts: fc.tuple(fc.nat(3), fc.nat(3)),
    pairs: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 40 }),
  })
  .map(({ width, starts, pairs }) => {
    const at = (start: number, side: 0 | 1) =>
      width
        .from([...Array.from({ length: start }, () => 9), ...pairs.map((pair) => pair[side])])
        .subarray(start);
    return { before: at(starts[0], 0), after: at(starts[1], 1), pairs };
  });

test("the rows in which two columns differ, wherever in their buffers they begin", () => {
  fc.assert(
    fc.property(columns, ({ before, after, pairs }) => {
      const rows = pairs.flatMap(([one, other], row) => (one === other ? [] : [row]));
      expect([...differing(before, after)]).toEqual(rows);
      // The same answer, not the same work.
      expect(differing(before, after)).toBe(differing(before, after));
    }),
  );
});

test("columns of other widths are compared by what they say", () => {
  expect([...differing(Uint8Array.of(1, 2, 3), Uint16Array.of(1, 258, 3))]).toEqual([1]);
});
