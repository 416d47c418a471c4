import fc from "fast-check";
import { expect, test } from "vitest";
import { Counter } from "./counter.ts";

test("counted on from one column to the next, a column has the counts that it has by itself", () => {
  const column = fc.uint8Array({ minLength: 20, maxLength: 20, max: 5 });
  fc.assert(
    fc.property(fc.array(fc.tuple(column, fc.constantFrom(4, 4, 6)), { maxLength: 6 }), (steps) => {
      const counter = new Counter();
      for (const [each, size] of steps) {
        const counts = Array.from(
          { length: size },
          (_unused, value) => each.filter((one) => one === value).length,
        );
        expect([...counter.of(each, size)]).toEqual(counts);
      }
    }),
  );
});
