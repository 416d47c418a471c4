import type { List } from "@/lib/contract/common.ts";
import { type Column, toCsv } from "./column.ts";

export const saveFormats = ["csv", "json"] as const;
export type SaveFormat = (typeof saveFormats)[number];

type SavedFile =
  { readonly type: string; readonly content: string } | { readonly content: null; readonly why: string };

/** A whole list as a file, or why there is none: what cannot be read is not an empty table. */
export function fileOf<Row>(format: SaveFormat, columns: readonly Column<Row>[], list: List<Row>): SavedFile {
  const { items, unknown } = list;
  if (items === null) return { content: null, why: unknown?.[0]?.reason ?? "The rows cannot be read" };
  if (format === "json") return { type: "application/json", content: JSON.stringify(list, asDigits, 2) };
  return { type: "text/csv", content: toCsv(columns, items) };
}

function asDigits(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
