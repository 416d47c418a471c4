import { expect, test } from "vitest";
import type { Namespace } from "@/lib/contract/namespaces.ts";
import { toCsv } from "../ui/column.ts";
import { showbackColumns, showbackLines } from "./showback-lines.ts";

const web = {
  name: "web",
  usage: [
    { pool: "a", inUse: "6" },
    { pool: "b", inUse: "100" },
  ],
} as Namespace;
const idle = { name: "idle", usage: [] } as unknown as Namespace;

test("a line for each namespace and pool", () => {
  expect(toCsv(showbackColumns, showbackLines([web, idle], null) ?? [])).toBe(
    "Namespace,Pool,Addresses in use\r\nweb,a,6\r\nweb,b,100\r\n",
  );
});

test("of one pool alone", () => {
  expect(showbackLines([web, idle], "a")).toEqual([{ namespace: "web", pool: "a", inUse: "6" }]);
});

test("nobody is left out because it cannot be read", () => {
  expect(showbackLines([web, { ...idle, usage: null }], null)).toBeNull();
});
