import { expect, test } from "vitest";
import { parse } from "yaml";
import { documentYaml, draftDocument, draftShape, emptyDraft, type PoolDraft } from "./pool-draft.ts";

const draft: PoolDraft = { ...emptyDraft, name: "external-pool", cidr: "10.64.0.0/20" };

test.each([
  [draft, 20, 26],
  [{ ...draft, blockSize: "28" }, 20, 28],
  [{ ...draft, cidr: "fd00::/64" }, 64, 122],
  [{ ...draft, cidr: "10.64.0.0/28" }, 28, 26],
])("shape of a draft", (subject, prefix, blockSize) => {
  expect(draftShape(subject)).toMatchObject({ cidr: { prefix }, blockSize });
});

test.each(["", "10.64.0.0", "10.64.0.0/33", "10.064.0.0/20"])("%s has no shape", (cidr) => {
  expect(draftShape({ ...draft, cidr })).toBeNull();
});

test.each(["026", "x", "2.6e1"])("a block size of %s has none either", (blockSize) => {
  expect(draftShape({ ...draft, blockSize })).toBeNull();
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
