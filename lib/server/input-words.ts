import type * as z from "zod/mini";
import { get } from "../kube/request.ts";

type Issue = z.core.$ZodRawIssue;

/** What is wrong with a value, as the end of a sentence that begins with its field; undefined: as the schema says it. */
export function wrongWords(issue: Issue): string | undefined {
  // A schema that says nothing itself leaves these to us; what it says goes before.
  if (issue.input === undefined && issue.code !== "custom") return "is missing";
  switch (issue.code) {
    case "invalid_type":
      return `must be ${typeWords.get(String(issue.expected)) ?? issue.expected}`;
    case "invalid_value":
      return oneOf(issue.values);
    case "too_small":
      return bound(issue.origin, "at least", issue.minimum);
    case "too_big":
      return bound(issue.origin, "at most", issue.maximum);
    case "invalid_format":
      return issue.format === "datetime"
        ? "must be a time as in 2026-11-30T12:00:00Z"
        : "is not written as it must be";
    case "invalid_union": {
      const values = issue.errors.flatMap((each) => each.flatMap((one) => get(one, "values") ?? []));
      return values.length > 0 ? oneOf(values) : "is of none of the kinds that may stand here";
    }
    default:
      return undefined;
  }
}

const typeWords: ReadonlyMap<string, string> = new Map([
  ["string", "text"],
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
  ["array", "a list"],
  ["object", "an object"],
  ["record", "an object"],
  ["null", "null"],
]);

function oneOf(values: readonly unknown[]): string {
  const words = values.map(String);
  return words.length === 1 ? `must be ${words[0]}` : `must be one of ${words.join(", ")}`;
}

const units: ReadonlyMap<string, readonly [one: string, many: string]> = new Map([
  ["string", ["character", "characters"]],
  ["array", ["entry", "entries"]],
]);

function bound(origin: string, how: string, limit: number | bigint): string {
  const unit = units.get(origin);
  if (unit === undefined) return `must be ${how} ${limit}`;
  const isEmpty = how === "at least" && Number(limit) === 1;
  return isEmpty ? "is empty" : `must have ${how} ${limit} ${Number(limit) === 1 ? unit[0] : unit[1]}`;
}
