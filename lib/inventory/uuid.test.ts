import * as fc from "fast-check";
import { expect, test } from "vitest";
import { uuidOf, writeUuid } from "./uuid.ts";

test("a UUID comes back as it was; anything else is none", () => {
  fc.assert(
    fc.property(
      fc.uuid(),
      fc.nat({ max: 35 }),
      fc.constantFrom("g", "A", "-", " ", "ä"),
      (text, at, other) => {
        const bytes = new Uint8Array(20);
        expect(writeUuid(bytes, 3, text)).toBe(true);
        expect(uuidOf(bytes, 3)).toBe(text);
        const changed = `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
        expect(writeUuid(bytes, 3, changed)).toBe(changed === text);
      },
    ),
  );
  for (const text of ["", "0".repeat(36), `${"0".repeat(8)}-0000`])
    expect(writeUuid(new Uint8Array(16), 0, text)).toBe(false);
});
