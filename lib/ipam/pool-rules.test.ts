import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatCidr, parseCidr } from "./cidr.ts";
import type { CrdLevel } from "./pool-cel.ts";
import {
  blockConflict,
  type CalicoVersion,
  type ClientError,
  clientErrors,
  type PoolSurroundings,
} from "./pool-client-rules.ts";
import { fillPoolSpec, type FilledSpec, type PoolDraft, type PoolDraftSpec } from "./pool-draft.ts";
import { validatePool } from "./pool-rules.ts";
import { apiServerCauses } from "./pool-schema.ts";
import { validatorErrors } from "./pool-validator-rules.ts";

type Spec = Record<string, unknown>;

interface Step {
  op: string;
  name: string;
  spec?: Spec;
  ok?: true;
  error?: string;
  stored?: Spec;
}

const GO_TYPES: Readonly<Record<string, string>> = {
  natOutgoing: "bool",
  disabled: "bool",
  disableBGPExport: "bool",
  blockSize: "int",
};
const TEXTS = ["cidr", "ipipMode", "vxlanMode", "nodeSelector", "namespaceSelector", "assignmentMode"];

/** What calicoctl makes of a document: numbers become text where text is wanted, null counts as absent. Text: its refusal. */
function decode(spec: Spec): PoolDraftSpec | string {
  const read: Spec = {};
  for (const [field, value] of Object.entries(spec)) {
    const type = GO_TYPES[field];
    if (type === undefined && !TEXTS.includes(field) && field !== "allowedUses") {
      return `field in document is not recognized or is in the wrong location: ${field}`;
    }
    if (value === null) continue;
    if (type !== undefined && typeof value !== (type === "bool" ? "boolean" : "number")) {
      return `failed to execute command: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${typeof value} into Go struct field IPPoolSpec.spec.${field} of type ${type}`;
    }
    read[field] = TEXTS.includes(field) ? String(value) : value;
  }
  return read;
}

/** As calicoctl prints errors of its own client. Source: libcalico-go/lib/errors/errors.go ErrorValidation */
function print(errors: readonly ClientError[]): string {
  const one = ({ name, value, reason }: ClientError) =>
    `${name}${value === null ? "" : ` = '${value}'`} (${reason})`;
  const [first] = errors;
  if (first !== undefined && errors.length === 1) return `error with field ${one(first)}`;
  return `error with the following fields:\n${errors.map((error) => `-  ${one(error)}\n`).join("")}`;
}

/** The first stage that objects, as printed; null when all accept. */
function refusal(
  draft: PoolDraft,
  around: PoolSurroundings,
  version: CalicoVersion,
  level: CrdLevel,
  group: string,
): string | null {
  const conflict = blockConflict(draft, around);
  for (const errors of [
    clientErrors(draft, around, version),
    validatorErrors(draft, version),
    conflict === null ? [] : [conflict],
  ]) {
    if (errors.length > 0) return print(errors);
  }
  const causes = apiServerCauses(fillPoolSpec(draft.spec), around.old, level);
  if (causes.length === 0) return null;
  return `IPPool.${group} "${draft.name}" is invalid: ${causes.length === 1 ? causes[0] : `[${causes.join(", ")}]`}`;
}

const recordings: readonly [string, CalicoVersion, CrdLevel, string][] = [
  ["validation-v3.32", "≤3.32", "v3.32", "crd.projectcalico.org"],
  ["validation-next", "≥3.33", "next", "crd.projectcalico.org"],
  ["validation-native-v3", "≥3.33", "next", "projectcalico.org"],
];

function stepsOf(name: string): Step[] {
  const text = readFileSync(new URL(`../recordings/${name}.json`, import.meta.url), "utf8");
  const recording: { steps: Step[] } = JSON.parse(text);
  return recording.steps.filter(({ op }) => op === "create" || op === "patch");
}

const draftOf = (name: string, spec: PoolDraftSpec): PoolDraft => ({
  name,
  labels: {},
  annotations: {},
  spec,
});

/** The pool `base` stays, every other pool of the story is deleted at once. */
function surroundingsOf(base: FilledSpec | null, patching: boolean): PoolSurroundings {
  const pools = base === null ? [] : [{ name: "base", cidr: parseCidr(base.cidr).cidr }];
  return { pools, blocks: [], old: patching ? base : null };
}

describe.each(recordings)("%s", (recording, version, level, group) => {
  let base: FilledSpec | null = null;
  test.each(
    stepsOf(recording).map(
      (step) =>
        [`${step.op} ${step.name.slice(0, 20)} ${JSON.stringify(step.spec).slice(0, 80)}`, step] as const,
    ),
  )("%s", (_title, step) => {
    const patching = step.op === "patch";
    if (patching && step.name !== "base") return expect(step.error).toContain("resource does not exist");
    const decoded = decode({ ...(patching ? base : {}), ...step.spec });
    if (typeof decoded === "string") return expect(step.error).toBe(decoded);
    const draft = draftOf(step.name, decoded);
    const printed = refusal(draft, surroundingsOf(base, patching), version, level, group);
    const wrapped = patching
      ? `hit error: updating existing resource: ${printed}`
      : `failed to create 'IPPool' resource: [${printed}]`;
    expect(printed === null ? undefined : wrapped).toBe(step.error);
    if (step.stored !== undefined) expect(fillPoolSpec(decoded)).toEqual(step.stored);
    if (printed === null && step.name === "base") base = fillPoolSpec(decoded);
  });
});

describe("our own form", () => {
  const all = recordings.map(([name]) => stepsOf(name));

  test.each((all[0] ?? []).map((step, at) => [JSON.stringify(step.spec).slice(0, 80), at] as const))(
    "%s: refused when any cluster refuses",
    (_title, at) => {
      const verdicts = all.map((steps) => steps[at]);
      const step = verdicts[0];
      if (step === undefined || step.op === "patch") return;
      const decoded = decode(step.spec ?? {});
      if (typeof decoded === "string") return;
      const base = step.name === "base" ? null : fillPoolSpec({ cidr: "10.60.0.0/16" });
      const problems = validatePool(draftOf(step.name, decoded), {
        ...surroundingsOf(base, false),
        version: "≤3.32",
      });
      const refused = verdicts.some((verdict) => verdict?.error !== undefined);
      expect({ refused: problems.length > 0, problems }).toMatchObject({ refused });
    },
  );
});

const mode = fc.constantFrom("Never", "Always", "CrossSubnet", "always", "");
const selector = fc.constantFrom(
  "",
  "all()",
  "has(a)",
  "global()",
  "zone = 'a'",
  `a == '${"x".repeat(1100)}'`,
);
const specs: fc.Arbitrary<PoolDraftSpec> = fc.record(
  {
    cidr: fc.constantFrom(
      "10.65.0.0/20",
      "10.64.0.0/16",
      "10.65.0.1/20",
      "10.65.0.0/27",
      "fd00::/64",
      "fd00::/123",
      "::ffff:10.65.0.0/116",
      "169.254.0.0/24",
      "::/0",
      "ten",
      "",
    ),
    blockSize: fc.constantFrom(0, -1, 19, 20, 26, 28, 32, 33, 115, 116, 122, 128, 129),
    ipipMode: mode,
    vxlanMode: mode,
    disabled: fc.boolean(),
    disableBGPExport: fc.boolean(),
    nodeSelector: selector,
    namespaceSelector: selector,
    allowedUses: fc.array(fc.constantFrom("Workload", "Tunnel", "LoadBalancer", "Other"), { maxLength: 3 }),
    assignmentMode: fc.constantFrom("Automatic", "Manual", "Sometimes", ""),
  },
  { requiredKeys: [] },
);

test("the form refuses exactly what some version's client or CRD refuses", () => {
  const surroundings = surroundingsOf(fillPoolSpec({ cidr: "10.64.0.0/20" }), false);
  fc.assert(
    fc.property(specs, (spec) => {
      const draft = draftOf("p", spec);
      const refusals = recordings.map(([, version, level, group]) =>
        refusal(draft, surroundings, version, level, group),
      );
      const problems = validatePool(draft, { ...surroundings, version: "≥3.33" });
      expect(problems.length > 0).toBe(refusals.some((printed) => printed !== null));
    }),
    { numRuns: 1000 },
  );
});

const context = {
  pools: [
    { name: "a", cidr: parseCidr("10.64.0.0/20").cidr },
    { name: "b", cidr: parseCidr("10.64.16.0/20").cidr },
  ],
  blocks: [parseCidr("10.99.0.0/28").cidr],
  old: null,
};

/** `field: message`, sorted as found. */
const problemsOf = (spec: PoolDraftSpec, changes: object = {}, version: CalicoVersion = "≥3.33"): string[] =>
  validatePool({ ...draftOf("new", spec), ...changes }, { ...context, version }).map(
    ({ field, message }) => `${field}: ${message}`,
  );

test("a good pool has no problem", () => {
  expect(problemsOf({ cidr: "10.65.0.0/20", vxlanMode: "CrossSubnet", natOutgoing: true })).toEqual([]);
});

test("one error per overlapping pool", () => {
  expect(problemsOf({ cidr: "10.64.0.0/16" })).toEqual([
    "spec.cidr: IPPool(new) CIDR overlaps with IPPool(a) CIDR 10.64.0.0/20",
    "spec.cidr: IPPool(new) CIDR overlaps with IPPool(b) CIDR 10.64.16.0/20",
  ]);
});

test("blocks of another size inside", () => {
  expect(problemsOf({ cidr: "10.99.0.0/24" })).toEqual([
    "spec.blockSize: IPPool blocksSize conflicts with existing allocations that use a different blockSize",
  ]);
  expect(problemsOf({ cidr: "10.99.0.0/24", blockSize: 28 })).toEqual([]);
});

test("all layers report together, each rule once and in the cluster's own words", () => {
  const spec = {
    cidr: "169.254.0.1/24",
    blockSize: 33,
    ipipMode: "Always",
    vxlanMode: "always",
    nodeSelector: "zone = 'a'\n",
  };
  expect(problemsOf(spec)).toEqual([
    "spec.cidr: IPPool CIDR is not strictly masked",
    "spec.nodeSelector: is not a Calico selector: expected ==",
    'spec.vxlanMode: "always": supported values: "Never", "Always", "CrossSubnet"',
    "spec.vxlanMode: ipipMode and vxlanMode cannot both be enabled",
    "spec.cidr: IPPool CIDR overlaps with IPv4 link local range 169.254.0.0/16",
    "spec.blockSize: blockSize must be between 20 and 32 for IPv4 pools, and between 116 and 128 for IPv6 pools",
  ]);
  expect(problemsOf(spec, {}, "≤3.32")).toEqual([
    "spec.blockSize: IPv4 block size must be between 20 and 32",
    "spec.vxlanMode: Cannot enable both VXLAN and IPIP on the same IPPool",
    "spec.cidr: IPPool CIDR is not strictly masked",
    "spec.cidr: IPPool CIDR overlaps with IPv4 Link Local range 169.254.0.0/16",
    "spec.vxlanMode: must be Never, Always or CrossSubnet",
    "spec.nodeSelector: is not a Calico selector: expected ==",
  ]);
});

test("an unreadable CIDR does not hide the rest", () => {
  expect(problemsOf({ cidr: "ten", allowedUses: ["LoadBalancer"], disableBGPExport: true })).toEqual([
    "spec.cidr: IPPool CIDR must be a valid subnet",
    "spec.disableBGPExport: LoadBalancer IP pools cannot disable BGP export",
  ]);
  expect(problemsOf({ nodeSelector: "global()" }, { name: "Upper" }, "≤3.32")).toEqual([
    "spec.cidr: IPPool CIDR must be specified",
    "spec.nodeSelector: global() selector is not valid for IPPool nodeSelector - use all() instead",
    "metadata.name: name must consist of lower case alphanumeric characters, '-' or '.' (regex: [a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)",
  ]);
});

test("what cannot change", () => {
  const old = fillPoolSpec({ cidr: "10.65.0.0/20", allowedUses: ["LoadBalancer"] });
  const change = (spec: PoolDraftSpec): string[] =>
    validatePool(draftOf("p", spec), { ...context, old, version: "≥3.33" }).map(
      ({ field, message }) => `${field}: ${message}`,
    );
  expect(change({ cidr: "10.65.0.0/20", allowedUses: ["LoadBalancer"], disabled: true })).toEqual([]);
  expect(change({ cidr: "10.66.0.0/20", blockSize: 28, allowedUses: ["LoadBalancer"] })).toEqual([
    "spec.cidr: IPPool CIDR cannot be modified",
    "spec.blockSize: IPPool BlockSize cannot be modified",
  ]);
  expect(change({ cidr: "10.65.0.0/20" })).toEqual([
    "spec.allowedUses: IPPool allowed use cannot be changed from LoadBalacer to Workload or Tunnel",
  ]);
});

test("labels and annotations", () => {
  const metadata = {
    labels: { team: "a", "x/y/z": "b", "UPPER/x": "c", "": "d", ok: "-bad", long: "x".repeat(64) },
    annotations: { "Note.example/ok": "anything\ngoes", "bad key": "", big: "x".repeat(256 * 1024) },
  };
  expect(problemsOf({ cidr: "10.65.0.0/20" }, metadata)).toEqual([
    "metadata.labels.x/y/z: key holds more than one '/'",
    "metadata.labels.UPPER/x: part before the '/' must be a DNS subdomain",
    "metadata.labels.: name must consist of alphanumeric characters, '-', '_' or '.', and begin and end with an alphanumeric one",
    "metadata.labels.ok: value must consist of alphanumeric characters, '-', '_' or '.', and begin and end with an alphanumeric one",
    "metadata.labels.long: value must be no more than 63 characters",
    "metadata.annotations.bad key: name must consist of alphanumeric characters, '-', '_' or '.', and begin and end with an alphanumeric one",
    "metadata.annotations: total size of annotations is too large by 38 bytes",
  ]);
});

test("a filled spec keeps an IPv4-mapped CIDR as IPv4", () => {
  expect(fillPoolSpec({ cidr: "::ffff:10.73.0.0/116" })).toMatchObject({
    cidr: formatCidr(parseCidr("10.73.0.0/20").cidr),
    blockSize: 26,
  });
});
