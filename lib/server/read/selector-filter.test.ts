import { expect, test } from "vitest";
import { inventoryOf, namespaceObject, nodeObject } from "../../inventory/testing.ts";
import { listNamespaces } from "./namespaces.ts";
import { listNodes } from "./nodes.ts";

const inventory = inventoryOf({
  nodes: [
    nodeObject("n1", { zone: "a" }, { "projectcalico.org/labels": '{"zone":"x","rack":"r1"}' }),
    nodeObject("n2", { zone: "b" }),
    nodeObject("constructor"),
  ],
  namespaces: [namespaceObject("web", {}, { team: "shop" }), namespaceObject("db")],
});

test.each<[string, string[], string[]]>([
  ["", ["constructor", "n1", "n2"], ["db", "web"]],
  ["all()", ["constructor", "n1", "n2"], ["db", "web"]],
  ["zone == 'a'", ["n1"], []],
  // Kubernetes' own labels lie over Calico's.
  ["rack == 'r1' && zone != 'x'", ["n1"], []],
  ["!has(zone)", ["constructor"], ["db", "web"]],
  ["team in {'shop', 'bank'}", [], ["web"]],
  ["has(constructor)", [], []],
])("%s", (selector, nodes, namespaces) => {
  const found = [listNodes(inventory, { selector }), listNamespaces(inventory, { selector })];
  expect(found.map(({ items }) => items?.map(({ name }) => name).toSorted())).toEqual([nodes, namespaces]);
  expect(found.map(({ total }) => total)).toEqual([nodes.length, namespaces.length]);
});

test.each(["zone =", "zone == a", "all() all()", "("])("%s is refused in Calico's words", (selector) => {
  for (const list of [listNodes, listNamespaces])
    expect(() => list(inventory, { selector })).toThrow(
      expect.objectContaining({
        status: 422,
        errors: [{ field: "selector", message: expect.stringMatching(/./) }],
      }),
    );
});
