import { type Field, fields, type Schema } from "./schema.ts";

type Extra = Omit<Schema, "type" | "description">;

/** Short spellings for writing schemas by hand. */
export const text = (description: string, extra: Extra = {}): Schema => ({
  type: "string",
  description,
  ...extra,
});
export const flag = (description: string, extra: Extra = {}): Schema => ({
  type: "boolean",
  description,
  ...extra,
});
export const int = (description: string, extra: Extra = {}): Schema => ({
  type: "integer",
  description,
  ...extra,
});
export const int32 = (description: string, extra: Extra = {}): Schema =>
  int(description, { format: "int32", ...extra });
export const int64 = (description: string, extra: Extra = {}): Schema =>
  int(description, { format: "int64", ...extra });
export const time = (description: string, extra: Extra = {}): Schema =>
  text(description, { format: "date-time", ...extra });
export const choice = (description: string, values: readonly string[], extra: Extra = {}): Schema =>
  text(description, { enum: values, ...extra });

export function object(
  description: string,
  properties: Readonly<Record<string, Schema>>,
  extra: Extra = {},
): Schema {
  return { type: "object", description, properties, ...extra };
}

export function list(description: string, items: Schema, extra: Extra = {}): Schema {
  return { type: "array", description, items, ...extra };
}

/** A list whose members are told apart by one field, for apply and for strategic patches alike. */
export function keyed(description: string, key: string, items: Schema, extra: Extra = {}): Schema {
  return list(description, items, {
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": [key],
    "x-kubernetes-patch-strategy": "merge",
    "x-kubernetes-patch-merge-key": key,
    ...extra,
  });
}

export function map(description: string, values: Schema, extra: Extra = {}): Schema {
  return { type: "object", description, additionalProperties: values, ...extra };
}

export const textMap = (description: string, extra: Extra = {}): Schema =>
  map(description, { type: "string" }, extra);

/** Anything below is kept as it comes. */
export const anything = (description: string): Schema => ({
  type: "object",
  description,
  "x-kubernetes-preserve-unknown-fields": true,
});

export const intOrText = (description: string, extra: Extra = {}): Schema => ({
  description,
  "x-kubernetes-int-or-string": true,
  ...extra,
});

interface Member {
  readonly number: number | readonly [number, number];
  readonly schema: Schema;
  readonly keepsZero: boolean;
}

/** A member of a message with its protobuf field number. */
export const at = (number: Member["number"], schema: Schema): Member => ({
  number,
  schema,
  keepsZero: false,
});
/** The same for a member whose zero, false or "" is stored when it is sent. */
export const atKeep = (number: Member["number"], schema: Schema): Member => ({
  number,
  schema,
  keepsZero: true,
});

/** An object of a built-in kind, which clients may also send as protobuf. */
export function message(
  description: string,
  members: Readonly<Record<string, Member>>,
  extra: Extra = {},
): Schema {
  const properties: Record<string, Schema> = {};
  const numbered: Field[] = [];
  for (const [name, member] of Object.entries(members)) {
    properties[name] = member.schema;
    numbered.push({ name, ...member });
  }
  return { type: "object", description, properties, ...extra, [fields]: numbered };
}

export const quantity = (description: string): Schema => ({
  description,
  format: "quantity",
  "x-kubernetes-int-or-string": true,
});
export const quantities = (description: string): Schema =>
  map(description, quantity("An amount such as 250m or 1Gi."));
export const texts = (description: string, extra: Extra = {}): Schema =>
  list(description, { type: "string" }, extra);
export const merged = { "x-kubernetes-list-type": "set", "x-kubernetes-patch-strategy": "merge" } as const;
/** A list that apply and patches replace as a whole. */
export const atomic = { "x-kubernetes-list-type": "atomic" } as const;
