import { expect, test } from "vitest";
import { SearchResult } from "../../contract/search.ts";
import {
  blockObject,
  inventoryOf,
  namespaceObject,
  nodeObject,
  podObject,
  poolObject,
} from "../../inventory/testing.ts";
import { search } from "./search.ts";

const inventory = inventoryOf({
  pools: [poolObject("web", "10.0.0.0/20"), poolObject("web-external", "10.1.0.0/20", { disabled: true })],
  nodes: [nodeObject("web-node-1"), nodeObject("n2")],
  namespaces: [namespaceObject("web"), namespaceObject("my-web"), namespaceObject("cobweb")],
  blocks: [blockObject("10.0.0.64/26", { node: "n2", holders: [{ pod: "web/front-0", node: "n2" }] })],
  pods: [
    podObject("web/front-0", { ips: ["10.0.0.64"] }),
    podObject("shop/web-0", { ips: ["10.0.0.65"] }),
    ...Array.from({ length: 40 }, (_, index) => podObject(`many/job-${index}`)),
  ],
});

const found = async (q: string) =>
  SearchResult.parse(await search(inventory, q)).items.map(({ kind, namespace, name }) =>
    [kind, namespace, name].filter(Boolean).join(" "),
  );

test("the whole name first, then beginnings, then beginnings of words, then anything", async () => {
  expect(await found("web")).toEqual([
    "pool web",
    "namespace web",
    "pool web-external",
    "node web-node-1",
    "pod shop web-0",
    "namespace my-web",
    "namespace cobweb",
  ]);
});

test.each([
  ["10.0.0.64", ["address 10.0.0.64", "pod web front-0", "block 10.0.0.64/26"]],
  ["10.0.0.77", ["address 10.0.0.77"]],
  ["10.1.0", ["pool web-external"]],
  ["10.0.0.6", ["address 10.0.0.6", "pod shop web-0", "pod web front-0", "block 10.0.0.64/26"]],
  ["10-0-0-64-26", ["block 10.0.0.64/26"]],
  ["172.18", ["node web-node-1", "node n2"]],
  ["web/fr", ["pod web front-0"]],
  ["  WEB-0 ", ["pod shop web-0"]],
  ["nothing like it", []],
  ["", []],
  ["   ", []],
])("%o", async (q, expected) => {
  expect(await found(q)).toEqual(expected);
});

test("many hits of one kind leave room for others", async () => {
  expect(await found("job")).toHaveLength(8);
});

test("links lead to our own pages, whatever the text", async () => {
  const hrefs = SearchResult.parse(await search(inventory, "10.0.0.64")).items.map((item) => item.href);
  expect(hrefs).toEqual([
    "/addresses?ip=10.0.0.64",
    "/pods?namespace=web&q=front-0",
    "/pools/web?tab=blocks&block=10-0-0-64-26",
  ]);
});

test("pods that are found equally well come by namespace and name, in whatever order they came to be", async () => {
  const names = ["b/x-3", "a/x-9", "b/x-1", "a/x-1"];
  const hits = async (pods: readonly string[]) => {
    const few = inventoryOf({ pods: pods.map((name) => podObject(name)) });
    return (await search(few, "x-")).items.map(({ namespace, name }) => `${namespace}/${name}`);
  };
  expect(await hits(names)).toEqual(["a/x-1", "a/x-9", "b/x-1", "b/x-3"]);
  expect(await hits(names.toReversed())).toEqual(["a/x-1", "a/x-9", "b/x-1", "b/x-3"]);
});
