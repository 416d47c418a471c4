import type { Json } from "../store/json.ts";

/** Where a message keeps its protobuf field numbers: beside the OpenAPI text, never in it. */
export const fields: unique symbol = Symbol("protobuf fields");

export interface Field {
  /** Two numbers: the member of a message that JSON writes inline. */
  readonly number: number | readonly [number, number];
  readonly name: string;
  readonly schema: Schema;
  /** A zero on the wire was meant; otherwise it is what an unset field looks like. */
  readonly keepsZero: boolean;
}

/**
 * A structural schema in OpenAPI's own spelling, as a CustomResourceDefinition carries it; the built-in kinds are
 * described in the same form. One description serves decoding, defaults, validation, patches, field ownership and `explain`.
 */
export interface Schema {
  readonly [fields]?: readonly Field[];
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly Json[];
  readonly default?: Json;
  readonly nullable?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: "atomic" | "granular";
  /** Comma-separated: `merge`, `retainKeys`. */
  readonly "x-kubernetes-patch-strategy"?: string;
  readonly "x-kubernetes-patch-merge-key"?: string;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-embedded-resource"?: boolean;
}

/** The schema of one member of an object; undefined when the schema says nothing about it. */
export function memberSchema(schema: Schema | undefined, key: string): Schema | undefined {
  const properties = schema?.properties;
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  const extra = schema?.additionalProperties;
  return typeof extra === "object" ? extra : undefined;
}
