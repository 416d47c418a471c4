import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isUuid, uuidOf, writeUuid } from "./uuid.ts";

test("a UUID comes back as it was; anything else is none", () => {
  fc.assert(
    fc.property(
      fc.uuid(),
      fc.nat({ max: 35 }),
      fc.constantFrom("g", "A", "-", " ", "ä"),
      (text, at, other) => {
        const bytes = new Uint8Array(20);
        expect(isUuid(text)).toBe(true);
        writeUuid(bytes, 3, text);
        expect(uuidOf(bytes, 3)).toBe(text);
        const changed = `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
        expect(isUuid(changed)).toBe(changed === text);
      },
    ),
  );
  expect(["", "0".repeat(36), `${"0".repeat(8)}-0000`].map(isUuid)).toEqual([false, false, false]);
});
