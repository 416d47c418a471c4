import { expect, test } from "vitest";
import { readDocuments } from "@/lib/contract/manifest.ts";
import { readAssignment } from "./assignment-document.ts";

const read = (annotations: string, rest = "") =>
  readAssignment(
    readDocuments(
      `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: external-ns\n  annotations:\n    ${annotations}\n${rest}`,
    )[0]?.value ?? {},
  );
const key = "cni.projectcalico.org/ipv4pools";

test.each<[string, object]>([
  [`${key}: '["external-pool"]'`, { ipv4pools: ["external-pool"] }],
  [`${key}: '["a","10.64.0.0/20"]'`, { ipv4pools: ["a", "10.64.0.0/20"] }],
  [`${key}: null`, { ipv4pools: null }],
  [`${key}: ""`, { ipv4pools: null }],
  [`${key}: '[]'`, { ipv4pools: [] }],
  [`${key.replace("4", "6")}: '["six"]'`, { ipv6pools: ["six"] }],
])("%s", (annotations, pools) => {
  expect(read(annotations)).toEqual({ name: "external-ns", pools, errors: [], ignored: [] });
});

test("everything else is named and not written", () => {
  const { ignored, errors } = read(
    `${key}: '["a"]'\n    team: payments`,
    "  labels: { a: b }\nspec: { finalizers: [] }\n",
  );
  expect(errors).toEqual([]);
  expect(ignored).toEqual(["spec", "metadata.labels", "metadata.annotations.team"]);
});

test.each<[string, object, string]>([
  ["a list without quotes", { [key]: ["a"] }, `metadata.annotations.${key}`],
  ["a plain name", { [key]: "external-pool" }, `metadata.annotations.${key}`],
  ["numbers", { [key]: "[1]" }, `metadata.annotations.${key}`],
  ["none of the two", { team: "payments" }, "metadata.annotations"],
  ["no annotations", {}, "metadata.annotations"],
])("%s is refused by field", (_, annotations, field) => {
  const metadata = { name: "a", annotations };
  const { errors } = readAssignment({ apiVersion: "v1", kind: "Namespace", metadata });
  expect(errors.map((error) => error.field)).toEqual([field]);
});

test.each<[string, object, string]>([
  ["another kind", { kind: "Pod" }, "kind"],
  ["another version", { apiVersion: "v2" }, "apiVersion"],
  ["no metadata", { metadata: null }, "metadata"],
  ["no name", { metadata: { annotations: { [key]: '["a"]' } } }, "metadata.name"],
])("%s is refused by field", (_, part, field) => {
  const metadata = { name: "a", annotations: { [key]: '["a"]' } };
  const { errors } = readAssignment({ apiVersion: "v1", kind: "Namespace", metadata, ...part });
  expect(errors.map((error) => error.field)).toContain(field);
});
