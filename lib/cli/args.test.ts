import { describe, expect, test } from "vitest";
import { helpText, parseFlags, parsePort, UsageError } from "./args.ts";

const command = {
  name: "npm run thing",
  summary: "Does a thing.",
  flags: {
    port: { value: "N", help: "where to listen" },
    "read-only": { help: "no writes" },
  },
} as const;

describe("parseFlags", () => {
  test.each<[string[], object]>([
    [[], {}],
    [["--port", "3000"], { port: "3000" }],
    [["--port=3000", "--read-only"], { port: "3000", "read-only": true }],
    [["--port", "1", "--port", "2"], { port: "2" }],
    [["--port=-1"], { port: "-1" }],
  ])("%j", (argv, expected) => {
    expect(parseFlags(command, argv)).toEqual(expected);
  });

  test.each<[string[], RegExp]>([
    [["--prot", "3000"], /unknown flag --prot; npm run thing -- --help/],
    [["-p", "3000"], /unknown flag -p/],
    [["--constructor"], /unknown flag --constructor/],
    [["extra"], /unexpected argument "extra"/],
    [["--port"], /--port needs a value; write --port N/],
    [["--port", "--read-only"], /--port needs a value/],
    [["--port="], /--port needs a value/],
    [["--read-only=yes"], /--read-only takes no value/],
  ])("refuses %j", (argv, message) => {
    expect(() => parseFlags(command, argv)).toThrow(UsageError);
    expect(() => parseFlags(command, argv)).toThrow(message);
  });
});

test.each(["65536", "-1", "80a", "", "1e3"])("port %j is refused", (text) => {
  expect(() => parsePort("port", text)).toThrow(UsageError);
});

test("the help names every flag with its value", () => {
  expect(helpText(command)).toContain("--port N     where to listen");
  expect(helpText(command)).toContain("--read-only  no writes");
});
