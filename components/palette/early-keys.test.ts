import { expect, test } from "vitest";
import { noKeys, withKey } from "./early-keys.ts";

test.each([
  ["what is typed is kept", ["w", "e", "b"], { text: "web", later: [] }],
  ["a mistake is mended", ["w", "x", "Backspace", "e"], { text: "we", later: [] }],
  ["nothing is left to delete", ["Backspace"], noKeys],
  [
    "a choice is made later, and what comes after Enter is for nobody",
    ["w", "ArrowDown", "Enter", "x", "Enter"],
    { text: "w", later: ["ArrowDown", "Enter"] },
  ],
  ["with other text the choice begins anew", ["w", "ArrowDown", "e"], { text: "we", later: [] }],
  ["other keys do nothing", ["Tab", "Home", "F5", "Shift", "w"], { text: "w", later: [] }],
  ["Esc cancels", ["w", "Escape"], "cancelled"],
] as const)("%s", (_what, pressed, expected) => {
  let keys: ReturnType<typeof withKey> = noKeys;
  for (const key of pressed) if (keys !== "cancelled") keys = withKey(keys, key);
  expect(keys).toEqual(expected);
});
