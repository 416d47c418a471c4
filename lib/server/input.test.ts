import { expect, test } from "vitest";
import * as z from "zod/mini";
import { ActivityQuery } from "../contract/activity.ts";
import { ChoiceQuery } from "../contract/choice.ts";
import { Login } from "../contract/login.ts";
import { PoolPatch } from "../contract/pools.ts";
import { parseBody, parseParams, parseQuery } from "./input.ts";
import { ProblemError } from "./problem.ts";

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ProblemError) return error.message;
    throw error;
  }
  return "accepted";
}

const url = (query: string) => new URL(`http://localhost/api/v1/x?${query}`);

test.each<[string, z.ZodMiniType, string]>([
  ["namespace=a", ChoiceQuery, "node: is missing"],
  [
    "result=bogus",
    ActivityQuery,
    "result: must be one of done, dryRun, denied, conflict, refused, failed, unknown",
  ],
  ["limit=0", ActivityQuery, "limit: must be at least 1"],
  ["limit=x", ActivityQuery, "limit: must be a whole number"],
  ["from=yesterday", ActivityQuery, "from: must be a time as in 2026-11-30T12:00:00Z"],
  [`q=${"x".repeat(300)}`, ActivityQuery, "q: must have at most 256 characters"],
  ["bogus=1", ActivityQuery, "bogus: is not a field that is known here"],
  ["__proto__=1", ActivityQuery, "__proto__: is not a field that is known here"],
  ["__proto__=1", z.strictObject({}), "__proto__: is not a field that is known here"],
  ["constructor=1", ActivityQuery, "constructor: is not a field that is known here"],
  ["q=a&q=b", ActivityQuery, "q: is given twice"],
  [
    "__proto__=1&__proto__=2",
    ActivityQuery,
    "__proto__: is given twice; __proto__: is not a field that is known here",
  ],
])("?%s is refused in plain words", (query, schema, words) => {
  expect(refusal(() => parseQuery(url(query), schema))).toBe(words);
});

test.each<[unknown, z.ZodMiniType, string]>([
  [{}, Login, "token: is missing"],
  [{ token: 7 }, Login, "token: must be text"],
  [{ token: "short" }, Login, "token: must have at least 8 characters"],
  [[], Login, "must be an object"],
  [{ uid: "", resourceVersion: "1" }, PoolPatch, "uid: is empty"],
  [{ uid: "u", resourceVersion: "1", disabled: "yes" }, PoolPatch, "disabled: must be true or false"],
  [{ a: [1] }, z.object({ a: z.array(z.string()) }), "a[0]: must be text"],
  [{ a: 5 }, z.object({ a: z.union([z.literal(4), z.literal(6)]) }), "a: must be one of 4, 6"],
  [{ a: 5 }, z.object({ a: z.literal("x") }), "a: must be x"],
  [{ a: "y" }, z.object({ a: z.string().check(z.regex(/^x/)) }), "a: is not written as it must be"],
  [{ a: [] }, z.object({ a: z.array(z.string()).check(z.minLength(2)) }), "a: must have at least 2 entries"],
])("body %j is refused in plain words", (body, schema, words) => {
  expect(refusal(() => parseBody(JSON.stringify(body), schema))).toBe(words);
});

test("names in a path", () => {
  expect(parseParams({ name: "a%20b" }, z.object({ name: z.string() }))).toEqual({ name: "a b" });
  expect(refusal(() => parseParams({ name: "%ff" }, z.object({ name: z.string() })))).toBe(
    "The path is not properly encoded.",
  );
});
