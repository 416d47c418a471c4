import { expect, test } from "vitest";
import { blockText, isInBlock } from "./block-words.ts";

test.each([
  ["10-64-0-64-26", "10.64.0.64/26"],
  ["fd00-10-64--40-122", "fd00:10:64::40/122"],
  ["1-2-3-4-5-6-7-8-128", "1:2:3:4:5:6:7:8/128"],
  ["---122", "::/122"],
  ["10-64-0-65-26", "10-64-0-65-26"],
  ["10-64-0-64-33", "10-64-0-64-33"],
  ["no-spec-block", "no-spec-block"],
  ["block", "block"],
  ["", ""],
])("the block named %o is %o", (name, expected) => {
  expect(blockText(name)).toBe(expected);
});

test.each([
  ["10.64.0.64/26", "10.64.0.65", true],
  ["fd00::40/122", "fd00::7f", true],
  ["10.64.0.64/26", "10.64.0.128", false],
  ["10.64.0.64/26", "fd00::1", false],
  ["10.64.0.64/26", "999.1.1.1", false],
  ["10.64.0.64/26", "", false],
])("%s has %o: %s", (cidr, ip, expected) => {
  expect(isInBlock(cidr, ip)).toBe(expected);
});
