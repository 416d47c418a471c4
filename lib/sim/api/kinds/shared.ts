import {
  isObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  ownValue,
  textAt,
} from "../../store/json.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import type { Schema } from "../../schema/schema.ts";
import type { ResourceType, Strategy } from "../resource-type.ts";
import { plainColumns, type TableColumn } from "../table.ts";

/** A built-in resource; what is left out takes its usual value. */
export function builtin(
  type: Pick<ResourceType, "group" | "version" | "kind" | "plural" | "namespaced"> & {
    readonly schema: Schema;
    readonly shortNames?: readonly string[];
    readonly categories?: readonly string[];
    readonly subresources?: readonly string[];
    readonly strategy?: Strategy;
    readonly columns?: readonly TableColumn[];
  },
): ResourceType {
  return {
    singular: type.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    subresources: [],
    strategy: {},
    columns: plainColumns,
    custom: false,
    ...type,
  };
}

export function column(
  name: string,
  description: string,
  cell: TableColumn["cell"],
  extra: Partial<TableColumn> = {},
): TableColumn {
  return { name, type: "string", description, cell, ...extra };
}

export const wide = { priority: 1 } as const;

export const spec = (object: JsonObject): JsonObject => objectAt(object, "spec");
export const status = (object: JsonObject): JsonObject => objectAt(object, "status");

export function containersOf(podSpec: JsonObject): JsonObject[] {
  return listAt(podSpec, "containers").filter(isObject);
}

export const containersColumn = (template: (object: KubeObject) => JsonObject): TableColumn =>
  column(
    "Containers",
    "Names of the containers.",
    (object) =>
      containersOf(template(object))
        .map((one) => textAt(one, "name"))
        .join(","),
    wide,
  );

export const imagesColumn = (template: (object: KubeObject) => JsonObject): TableColumn =>
  column(
    "Images",
    "Images of the containers.",
    (object) =>
      containersOf(template(object))
        .map((one) => textAt(one, "image"))
        .join(","),
    wide,
  );

export const templateSpec = (object: KubeObject): JsonObject =>
  objectAt(objectAt(spec(object), "template"), "spec");

export const selectorColumn: TableColumn = column(
  "Selector",
  "Labels of the pods that belong to it.",
  (object) => selectorText(objectAt(spec(object), "selector")),
  wide,
);

/** A label selector as kubectl prints it; `<none>` when it is empty. */
export function selectorText(selector: JsonObject): string {
  const labels = Object.entries(objectAt(selector, "matchLabels")).map(
    ([key, value]) => `${key}=${String(value)}`,
  );
  const expressions = listAt(selector, "matchExpressions")
    .filter(isObject)
    .map((one) => {
      const key = textAt(one, "key");
      const values = listAt(one, "values").map(String).join(",");
      switch (textAt(one, "operator")) {
        case "In":
          return `${key} in (${values})`;
        case "NotIn":
          return `${key} notin (${values})`;
        case "Exists":
          return key;
        default:
          return `!${key}`;
      }
    });
  return [...labels.sort(), ...expressions].join(",") || "<none>";
}

/** A value as text for a cell. */
export function cellText(parent: JsonObject, key: string, fallback = "<none>"): string {
  const value = ownValue(parent, key);
  return value === undefined || value === null || value === "" ? fallback : String(value);
}

export function orZero(value: Json | undefined): number {
  return typeof value === "number" ? value : 0;
}

export function conditionStatus(object: KubeObject, type: string): string {
  const found = listAt(status(object), "conditions")
    .filter(isObject)
    .find((one) => one["type"] === type);
  return found === undefined ? "" : textAt(found, "status");
}
