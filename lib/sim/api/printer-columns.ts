import { isObject, type Json, textAt } from "../store/json.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { age, ageColumn, nameColumn, type TableColumn } from "./table.ts";

/** Columns of a custom resource: name, then what its definition lists, or the age when it lists nothing. */
export function printerColumns(definitions: readonly Json[]): readonly TableColumn[] {
  const columns = definitions.filter(isObject).map((definition): TableColumn => {
    const type = textAt(definition, "type");
    const path = textAt(definition, "jsonPath");
    return {
      name: textAt(definition, "name"),
      type:
        type === "integer" || type === "number" || type === "boolean" || type === "date" ? type : "string",
      format: textAt(definition, "format"),
      description: textAt(definition, "description"),
      priority: definition["priority"] === 1 ? 1 : 0,
      cell: (object, now) => cell(object, path, type, now),
    };
  });
  return [nameColumn, ...(columns.length === 0 ? [{ ...ageColumn, type: "date" as const }] : columns)];
}

function cell(object: KubeObject, path: string, type: string, now: number): Json {
  const value = readPath(object, path);
  if (type === "date") return typeof value === "string" ? age(value, now) : null;
  if (value === undefined || value === null) return null;
  if (type === "string" && typeof value !== "string") return JSON.stringify(value);
  return value;
}

const step = /\.([A-Za-z_][\w-]*)|\['([^']+)'\]|\[(\d+)\]|\[\?\(@\.(\w+)\s*==\s*["']([^"']*)["']\)\]/gy;

/** The simple paths printer columns use: members, quoted members, indexes and one `[?(@.a=="b")]`. */
function readPath(root: KubeObject, path: string): Json | undefined {
  let value: Json | undefined = root;
  let end = 0;
  for (const found of path.matchAll(step)) {
    const [whole, member, quoted, index, key, wanted] = found;
    end = found.index + whole.length;
    const name = member ?? quoted?.replaceAll("\\", "");
    if (name !== undefined) value = isObject(value) ? value[name] : undefined;
    else if (!Array.isArray(value)) value = undefined;
    else if (index !== undefined) value = value[Number(index)];
    else value = value.find((item) => isObject(item) && item[key ?? ""] === wanted);
  }
  return end === path.length ? value : undefined;
}
