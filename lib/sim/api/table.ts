import { type Json, type JsonObject, stringifyJson } from "../store/json.ts";
import type { KubeObject } from "../store/kube-object.ts";

/** One column of a server-side table, as kubectl prints it. */
export interface TableColumn {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly format?: string;
  readonly description: string;
  /** 0 always, 1 only with `-o wide`. */
  readonly priority?: number;
  /** `now` in milliseconds, for ages. */
  readonly cell: (object: KubeObject, now: number) => Json;
}

export type IncludeObject = "None" | "Metadata" | "Object";

export const nameColumn: TableColumn = {
  name: "Name",
  type: "string",
  format: "name",
  description: "Unique within its namespace, or within the cluster.",
  cell: (object) => object.metadata.name,
};

export const ageColumn: TableColumn = {
  name: "Age",
  type: "string",
  description: "Time since creation.",
  cell: (object, now) => age(object.metadata.creationTimestamp, now),
};

/** Columns of a kind that says nothing about how it is printed. */
export const plainColumns: readonly TableColumn[] = [nameColumn, ageColumn];

/** Text of a table of the objects; `includeObject` says how much of each object a row carries. */
export function tableJson(
  columns: readonly TableColumn[],
  objects: Iterable<KubeObject>,
  metadata: JsonObject,
  include: IncludeObject,
  now: number,
): string {
  const definitions = columns.map((column) => ({
    name: column.name,
    type: column.type,
    format: column.format ?? "",
    description: column.description,
    priority: column.priority ?? 0,
  }));
  const rows: string[] = [];
  for (const object of objects) rows.push(tableRow(columns, object, include, now));
  return `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":${stringifyJson(metadata)},"columnDefinitions":${stringifyJson(definitions)},"rows":[${rows.join(",")}]}`;
}

function tableRow(
  columns: readonly TableColumn[],
  object: KubeObject,
  include: IncludeObject,
  now: number,
): string {
  const cells = stringifyJson(columns.map((column) => column.cell(object, now)));
  if (include === "None") return `{"cells":${cells}}`;
  return `{"cells":${cells},"object":${include === "Object" ? stringifyJson(object) : partialJson(object)}}`;
}

/** The object reduced to its metadata. */
export function partialJson(object: KubeObject): string {
  return `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":${stringifyJson(object.metadata)}}`;
}

/** Time since an RFC 3339 moment, as kubectl prints ages; `<unknown>` when there is none. */
export function age(since: Json | undefined, now: number): string {
  if (typeof since !== "string" || since === "") return "<unknown>";
  const then = Date.parse(since);
  return Number.isNaN(then) ? "<unknown>" : duration(Math.floor((now - then) / 1000));
}

/** Source: kubernetes/apimachinery pkg/util/duration HumanDuration */
export function duration(seconds: number): string {
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return withRest(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return withRest(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return withRest(days, "d", hours % 24, "h");
  if (days < 365 * 2) return `${days}d`;
  const years = Math.floor(days / 365);
  if (days < 365 * 8) return withRest(years, "y", days % 365, "d");
  return `${years}y`;
}

function withRest(whole: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${restUnit}`;
}
