import { expect, test } from "vitest";
import type { Column } from "./column.ts";
import { fileOf } from "./save-rows.ts";

interface Row {
  readonly name: string;
}
const columns: readonly Column<Row>[] = [{ id: "name", header: "Name", value: ({ name }) => name }];
const missing = { field: "items", reason: "Poolboard may not list pods" };

test("JSON is the list as the API gives it, CSV its columns", () => {
  const list = { items: [{ name: "a", uid: "1" }], total: 1, unknown: [missing] };
  const json = fileOf("json", columns, list);
  expect(JSON.parse(json.content ?? "")).toEqual(list);
  expect(fileOf("csv", columns, list)).toEqual({ type: "text/csv", content: "Name\r\na\r\n" });
});

test("a list that cannot be read is no file", () => {
  const list = { items: null, total: null, unknown: [missing] };
  expect(fileOf("csv", columns, list)).toEqual({ content: null, why: missing.reason });
});
