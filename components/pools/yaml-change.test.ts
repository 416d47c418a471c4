import { expect, test } from "vitest";
import type { Pool } from "@/lib/contract/pools.ts";
import { storedVersion, withChange, yamlChange } from "./yaml-change.ts";

const stored = `apiVersion: crd.projectcalico.org/v1
kind: IPPool
metadata:
  annotations:
    projectcalico.org/metadata: '{"creationTimestamp":null}'
  name: external-pool
  resourceVersion: "1234"
  uid: 0b4e
spec:
  allowedUses:
    - Workload
    - Tunnel
  blockSize: 26
  cidr: 10.64.0.0/20
  ipipMode: Never
  natOutgoing: true
  nodeSelector: all()
  vxlanMode: CrossSubnet
`;
// Only what can be changed is looked at.
const pool = {
  disabled: false,
  natOutgoing: true,
  ipipMode: "Never",
  vxlanMode: "CrossSubnet",
  disableBGPExport: false,
  nodeSelector: "all()",
  namespaceSelector: null,
  allowedUses: ["Workload", "Tunnel"],
  assignmentMode: "Automatic",
} as Pool;
const edit = (from: string | RegExp, to: string) => yamlChange(pool, stored, stored.replace(from, to));

test.each<[string, string | RegExp, string, object]>([
  ["nothing", "", "", {}],
  ["a comment and other quotes", "nodeSelector: all()", 'nodeSelector: "all()" # every one', {}],
  ["a value", "natOutgoing: true", "natOutgoing: false", { natOutgoing: false }],
  ["a field more", "spec:\n", "spec:\n  disabled: true\n", { disabled: true }],
  ["a default that is written out", "spec:\n", "spec:\n  disabled: false\n", {}],
  ["a field that is taken out: its default", "  natOutgoing: true\n", "", { natOutgoing: false }],
  ["a field set to null: its default", "vxlanMode: CrossSubnet", "vxlanMode: null", { vxlanMode: "Never" }],
  [
    "two fields",
    /ipipMode: Never[^]*$/,
    "ipipMode: Always\n  natOutgoing: true\n  nodeSelector: all()\n",
    {
      ipipMode: "Always",
      vxlanMode: "Never",
    },
  ],
  ["a list", "    - Tunnel\n", "", { allowedUses: ["Workload"] }],
  [
    "a selector",
    "spec:\n",
    'spec:\n  namespaceSelector: team == "a"\n',
    { namespaceSelector: 'team == "a"' },
  ],
])("%s", (_, from, to, change) => {
  expect(edit(from, to)).toEqual({ change, errors: [] });
});

test.each<[string, string | RegExp, string, string]>([
  ["the CIDR", "10.64.0.0/20", "10.64.0.0/19", "spec.cidr"],
  ["the block size", "blockSize: 26", "blockSize: 27", "spec.blockSize"],
  ["the block size, taken out", "  blockSize: 26\n", "", "spec.blockSize"],
  ["the name", "name: external-pool", "name: other", "metadata.name"],
  ["the version", "v1", "v2", "apiVersion"],
  ["the resourceVersion", '"1234"', '"1"', "metadata.resourceVersion"],
  ["a label", "metadata:\n", "metadata:\n  labels: { a: b }\n", "metadata.labels"],
  [
    "an annotation",
    "metadata:\n  annotations:\n",
    "metadata:\n  annotations:\n    mine: x\n",
    "metadata.annotations.mine",
  ],
  ["another field", "spec:\n", "spec:\n  ipip: {}\n", "spec.ipip"],
  ["a value of the wrong type", "natOutgoing: true", 'natOutgoing: "yes"', "spec.natOutgoing"],
  ["a mode that is none", "CrossSubnet", "Sometimes", "spec.vxlanMode"],
  ["no spec", /spec:[^]*/, "", "spec"],
  ["a second document", /$/, "---\nkind: IPPool\n", ""],
  ["an alias", "nodeSelector: all()", "nodeSelector: *x", "spec.nodeSelector"],
  ["no YAML", /^[^]*$/, "[", ""],
  ["nothing left", /^[^]*$/, "", "manifest"],
])("refused by field: %s", (_, from, to, field) => {
  const { change, errors } = edit(from, to);
  expect(change).toEqual({});
  expect(errors.map((error) => error.field)).toContain(field);
});

test("going on from their version: what was changed is in it, the rest is theirs", () => {
  const theirs = stored.replace("natOutgoing: true", "natOutgoing: false");
  const change = { nodeSelector: "has(gpu)", namespaceSelector: null, allowedUses: ["Workload" as const] };
  const next = withChange(theirs, change);
  const now = { ...pool, natOutgoing: false } as Pool;
  expect(yamlChange(now, theirs, next)).toEqual({
    change: { nodeSelector: "has(gpu)", allowedUses: ["Workload"] },
    errors: [],
  });
  expect(next).toContain('resourceVersion: "1234"');
});

test("the version that a document shows", () => {
  expect(storedVersion(stored)).toBe("1234");
  expect(storedVersion("kind: IPPool")).toBeNull();
});
