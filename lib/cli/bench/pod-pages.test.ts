import { expect, test } from "vitest";
import { coreLists } from "../../inventory/core-messages.ts";
import { Inventory } from "../../inventory/inventory.ts";
import type { Row } from "../../inventory/table.ts";
import { PROTOBUF, readProtobuf } from "../../kube/protobuf.ts";
import { PodPages } from "./pod-pages.ts";

interface List {
  readonly items: readonly object[];
  readonly metadata: { readonly continue?: string; readonly remainingItemCount?: number };
}

/** All pages of such a list, of twenty pods each. */
function read(type: PodPages["type"], total: number): { rows: (Row | null)[]; pages: List["metadata"][] } {
  const list = new PodPages(type, total);
  const inventory = new Inventory(null);
  const rows: (Row | null)[] = [];
  const pages: List["metadata"][] = [];
  let token = "";
  do {
    const { bytes, next } = list.page(token, 20);
    const body = type === PROTOBUF ? readProtobuf(bytes, coreLists.pods ?? []) : JSON.parse(bytes.toString());
    const { items, metadata } = body as List;
    rows.push(...items.map((item) => inventory.project("pods", item)));
    pages.push(metadata);
    token = next;
  } while (token !== "");
  return { rows, pages };
}

test("both encodings say the same of every pod, and no two pods are alike", () => {
  const json = read("application/json", 50);
  expect(read(PROTOBUF, 50)).toEqual(json);
  expect(json.rows).toHaveLength(50);
  for (const what of ["uid", "revision"] as const)
    expect(new Set(json.rows.map((row) => row?.[what])).size).toBe(50);
  expect(new Set(json.rows.map((row) => `${row?.namespace}/${row?.name}`)).size).toBe(50);
  expect(json.pages.map((page) => [page.continue, page.remainingItemCount])).toEqual([
    ["20", 30],
    ["40", 10],
    [undefined, undefined],
  ]);
});

test("a pod is as large as real ones", () => {
  const sizeOf = (type: PodPages["type"]) => new PodPages(type, 500).page("", 500).bytes.length / 500;
  expect(Math.round(sizeOf("application/json") / 100)).toBe(71);
  expect(Math.round(sizeOf(PROTOBUF) / 100)).toBe(47);
});
