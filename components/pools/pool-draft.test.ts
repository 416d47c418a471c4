import { expect, test } from "vitest";
import { parse } from "yaml";
import { documentYaml, draftDocument, draftSize, emptyDraft, type PoolDraft } from "./pool-draft.ts";

const draft: PoolDraft = { ...emptyDraft, name: "external-pool", cidr: "10.64.0.0/20" };

test.each([
  [draft, 4096n, 64n, 64n],
  [{ ...draft, blockSize: "28" }, 4096n, 256n, 16n],
  [{ ...draft, cidr: "fd00::/64" }, 2n ** 64n, 2n ** 58n, 64n],
])("size of a draft", (subject, addresses, blocks, perBlock) => {
  expect(draftSize(subject)).toMatchObject({ addresses, blocks, perBlock });
});

test.each(["", "10.64.0.0", "10.64.0.0/33", "10.064.0.0/20"])("%s has no size", (cidr) => {
  expect(draftSize({ ...draft, cidr })).toBeNull();
});

test("a block that is larger than the pool has no size", () => {
  expect(draftSize({ ...draft, cidr: "10.64.0.0/28" })).toBeNull();
});

test.each([
  draft,
  { ...draft, name: "yes", nodeSelector: 'zone == "a" && !has(gpu)', namespaceSelector: "true" },
  { ...draft, name: "- a: b", blockSize: "28", uses: "LoadBalancer", encapsulation: "IPIP" },
  { ...draft, cidr: "fd00:1::/64", blockSize: "2.6e1" },
] satisfies PoolDraft[])("the YAML that is shown is the document that is sent", (subject) => {
  const document = draftDocument(subject);
  expect(parse(documentYaml(document))).toEqual(document);
});
