import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parseFlags, UsageError } from "../args.ts";
import { command, type Options, readOptions } from "./options.ts";

const read = (...argv: readonly string[]) => readOptions(parseFlags(command, argv));

test("the defaults: everything, light, 1440 wide, png, of the cluster that npm start shows", () => {
  expect(read("--out", "shots")).toEqual({
    out: resolve("shots"),
    source: { kind: "scenario", scenario: "tutorial" },
    pools: null,
    views: ["overview", "pools", "map", "namespaces", "nodes", "pods"],
    themes: ["light"],
    formats: ["png"],
    size: { width: 1440, height: null },
    layout: "address",
    reproducible: false,
  } satisfies Options);
});

test.each<[string[], Partial<Options>]>([
  [["--pools", "a, b,a"], { pools: ["a", "b"] }],
  [["--all"], { pools: null }],
  [["--views", "nodes,map"], { views: ["nodes", "map"] }],
  [["--theme", "dark,light"], { themes: ["dark", "light"] }],
  [["--format", "png,pdf"], { formats: ["png", "pdf"] }],
  [["--size", "800x600"], { size: { width: 800, height: 600 } }],
  [["--layout", "hilbert"], { layout: "hilbert" }],
  [["--reproducible"], { reproducible: true }],
  [["--scenario", "busy"], { source: { kind: "scenario", scenario: "busy" } }],
  [["--url", "http://127.0.0.1:3000"], { source: { kind: "url", url: new URL("http://127.0.0.1:3000") } }],
  [["--kubeconfig", "k"], { source: { kind: "kubeconfig", kubeconfig: "k", context: null } }],
  [
    ["--kubeconfig", "k", "--context", "c"],
    { source: { kind: "kubeconfig", kubeconfig: "k", context: "c" } },
  ],
  [["--context", "c"], { source: { kind: "kubeconfig", kubeconfig: null, context: "c" } }],
])("%j", (argv, expected) => {
  expect(read("--out", "shots", ...argv)).toMatchObject(expected);
});

describe("refused with one line that says what to do", () => {
  test.each<[string[], RegExp]>([
    [["--pools", "a", "--all"], /--pools and --all contradict each other/],
    [["--pools", "a,,b"], /--pools has an empty entry; write --pools a,b/],
    [["--views", "overview,maps"], /--views knows no "maps"; choose from overview, pools, map/],
    [["--theme", "blue"], /--theme knows no "blue"; choose from light, dark/],
    [["--format", "jpg"], /choose from png, pdf/],
    [["--layout", "spiral"], /choose from address, node, hilbert/],
    [["--size", "1440"], /--size is written as in 1440x900/],
    [["--size", "10x10"], /from 320x200 to 4096x16000/],
    [["--size", "99999x900"], /--size/],
    [["--url", "poolboard"], /--url is the address of a Poolboard/],
    [["--url", "file:///etc/passwd"], /--url is the address of a Poolboard/],
    [["--url", "http://user:secret@host"], /--url is the address of a Poolboard/],
    [["--url", "http://a", "--scenario", "busy"], /--url and --scenario name two clusters/],
    [["--kubeconfig", "k", "--scenario", "busy"], /--kubeconfig and --scenario name two clusters/],
    [["--context", "c", "--url", "http://a"], /--url and --context name two clusters/],
  ])("%j", (argv, message) => {
    expect(() => read("--out", "shots", ...argv)).toThrow(UsageError);
    expect(() => read("--out", "shots", ...argv)).toThrow(message);
  });

  test("no folder", () => {
    expect(() => read()).toThrow(/--out is missing; name a folder/);
  });
});
