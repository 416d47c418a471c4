import { expect, test } from "vitest";
import { defaultThresholds, levelOf, parseThresholds } from "./level.ts";

test.each([
  ["", defaultThresholds],
  ["60,80", { warn: 60, crit: 80 }],
  [" 80 , 80 ", { warn: 80, crit: 80 }],
  ["90,75", null],
  ["0,90", null],
  ["75", null],
  ["75,101", null],
  ["a,b", null],
  ["7.5,90", null],
])("thresholds from %j", (text, expected) => {
  expect(parseThresholds(text)).toEqual(expected);
});

test.each([
  [74.9, "ok"],
  [75, "warn"],
  [89.9, "warn"],
  [90, "crit"],
  [100, "crit"],
])("%f %% is %s", (percent, level) => {
  expect(levelOf(percent)).toBe(level);
});

test("other thresholds, other levels", () => {
  expect(levelOf(60, { warn: 50, crit: 60 })).toBe("crit");
});
