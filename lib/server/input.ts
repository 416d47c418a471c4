import * as z from "zod/mini";
import { fieldPath } from "../contract/field-path.ts";
import type { FieldError } from "../contract/problem.ts";
import { wrongWords } from "./input-words.ts";
import { invalidFields, ProblemError } from "./problem.ts";
import { parseStrictJson } from "./strict-json.ts";

/** One entry per wrong field; each key that nobody knows is a field of its own. */
export function fieldErrors(error: z.core.$ZodError): FieldError[] {
  return error.issues.flatMap((issue): FieldError[] =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({
          field: fieldPath([...issue.path, key]),
          message: "is not a field that is known here",
        }))
      : [{ field: fieldPath(issue.path), message: issue.message }],
  );
}

/** Text to a value of the schema. Throws ProblemError 400 when it is no JSON, 422 with each wrong field. */
export function parseBody<Body>(text: string, schema: z.ZodMiniType<Body>): Body {
  return parseValue(parseStrictJson(text), schema);
}

/** Throws ProblemError 422 with each wrong field. */
export function parseValue<Value>(value: unknown, schema: z.ZodMiniType<Value>): Value {
  const parsed = schema.safeParse(value, { error: wrongWords });
  if (!parsed.success) throw invalidFields(fieldErrors(parsed.error));
  return parsed.data;
}

/** A record that has no name but those given, `__proto__` no other than the rest. */
function named(entries: Iterable<readonly [string, string]>): Readonly<Record<string, string>> {
  const record: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of entries) record[name] = value;
  return record;
}

/** The query string by its schema. A parameter that is given twice or that nobody knows is refused: 422. */
export function parseQuery<Query>(url: URL, schema: z.ZodMiniType<Query>): Query {
  const entries = new Map<string, string>();
  const wrong: FieldError[] = [];
  for (const [name, value] of url.searchParams) {
    if (entries.has(name)) wrong.push({ field: name, message: "is given twice" });
    entries.set(name, value);
  }
  const parsed = schema.safeParse(named(entries), { error: wrongWords });
  if (!parsed.success) wrong.push(...fieldErrors(parsed.error));
  if (wrong.length > 0 || !parsed.success) {
    const detail = wrong.map(({ field, message }) => `${field}: ${message}`).join("; ");
    throw new ProblemError("invalid-parameter", detail, { errors: wrong });
  }
  return parsed.data;
}

/** The variable parts of a path, decoded once. Throws ProblemError 400 for names that no object can have. */
export function parseParams<Params>(
  raw: Readonly<Record<string, unknown>>,
  schema: z.ZodMiniType<Params>,
): Params {
  const decoded = Object.entries(raw).map(([name, value]): [string, string] => {
    try {
      return [name, decodeURIComponent(String(value))];
    } catch {
      throw new ProblemError("invalid-name", "The path is not properly encoded.");
    }
  });
  const parsed = schema.safeParse(named(decoded), { error: wrongWords });
  if (parsed.success) return parsed.data;
  const errors = fieldErrors(parsed.error);
  throw new ProblemError(
    "invalid-name",
    errors.map(({ field, message }) => `${field} ${message}`).join("; "),
    {
      errors,
    },
  );
}
