import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isObject, type Json, type JsonObject, listAt, parseJson, textAt } from "../store/json.ts";
import { ipPool, TestCluster } from "./testing.ts";

const pools = "/apis/crd.projectcalico.org/v1/ippools";
const recordings = path.join(import.meta.dirname, "../../recordings");

/** What Calico's client sends after filling in its defaults. Source: tools reference on defaults, libcalico-go clientv3/ippool.go */
function asSent(spec: JsonObject): JsonObject {
  const cidr = String(spec["cidr"]);
  const uses = spec["allowedUses"];
  const filled: JsonObject = {
    ...spec,
    allowedUses: Array.isArray(uses) && uses.length > 0 ? uses : ["Workload", "Tunnel"],
    assignmentMode: spec["assignmentMode"] ?? "Automatic",
    blockSize:
      spec["blockSize"] === undefined || spec["blockSize"] === 0
        ? cidr.includes(":")
          ? 122
          : 26
        : spec["blockSize"],
    ipipMode: textAt(spec, "ipipMode") || "Never",
    vxlanMode: textAt(spec, "vxlanMode") || "Never",
    nodeSelector: textAt(spec, "nodeSelector") || "all()",
  };
  return Object.fromEntries(Object.entries(filled).filter(([, value]) => value !== false && value !== null));
}

interface Recorded {
  readonly name: string;
  readonly spec: JsonObject;
  readonly stored: JsonObject | null;
  /** The API server's own words, "" when it had no objection. */
  readonly refusal: string;
}

/** Steps that reached the API server: stored, or refused by it and not by Calico's client before. */
function readRecording(name: string): Recorded[] {
  const recording = parseJson(fs.readFileSync(path.join(recordings, `${name}.json`), "utf8")) as JsonObject;
  return listAt(recording, "steps")
    .filter(isObject)
    .flatMap((step): Recorded[] => {
      if (step["op"] !== "create" || !isObject(step["spec"])) return [];
      const refusal =
        /IPPool\.(?:crd\.)?projectcalico\.org .*is invalid: .*(?=\]$)/s.exec(textAt(step, "error"))?.[0] ??
        "";
      const stored = isObject(step["stored"]) ? step["stored"] : null;
      if (stored === null && refusal === "") return [];
      return [{ name: textAt(step, "name"), spec: step["spec"], stored, refusal }];
    });
}

describe.each([
  ["validation-v3.32", "v3.32.1", "crd-v1", "crd.projectcalico.org/v1"],
  ["validation-next", "v3.33.0", "crd-v1", "crd.projectcalico.org/v1"],
  ["validation-native-v3", "v3.32.1", "native-v3", "projectcalico.org/v3"],
] as const)("%s", (recording, calicoVersion, apiMode, apiVersion) => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start({ calicoVersion, apiMode });
  });
  afterAll(() => cluster.server.close());

  test.each(
    readRecording(recording).map(
      (one) => [`${one.name} ${JSON.stringify(one.spec).slice(0, 60)}`, one] as const,
    ),
  )("%s", async (_title, { name, spec, stored, refusal }) => {
    const sent = stored === null ? asSent(spec) : { ...asSent(spec), ...stored };
    const url = `/apis/${apiVersion}/ippools?dryRun=All`;
    const answer = await cluster.post(url, { ...ipPool(name, sent), apiVersion });
    if (refusal === "") expect(answer.body).toMatchObject({ spec: stored });
    else expect(answer.body).toMatchObject({ code: 422, reason: "Invalid", message: refusal });
  });
});

/** By hand on a real API server, v1.36.3 with Calico's own definitions. */
const refusals: readonly [string, string, Json, string][] = [
  ["v3.32.1", "no cidr", {}, "[spec.cidr: Required value, NOT_CHECKED]"],
  [
    "v3.32.1",
    "a number",
    { cidr: 10 },
    '[spec.cidr: Invalid value: "int64": spec.cidr in body must be of type cidr: "int64", NOT_CHECKED]',
  ],
  [
    "v3.32.1",
    "a wrong type",
    { cidr: "10.75.0.0/16", natOutgoing: "yes" },
    '[spec.natOutgoing: Invalid value: "string": spec.natOutgoing in body must be of type boolean: "string", NOT_CHECKED]',
  ],
  [
    "v3.32.1",
    "no cidr in it",
    { cidr: "ten" },
    '[spec.cidr: Invalid value: "ten": spec.cidr in body must be of type cidr: "ten", NOT_CHECKED]',
  ],
  [
    "v3.32.1",
    "an empty mode",
    { cidr: "10.75.0.0/16", ipipMode: "" },
    '[spec.ipipMode: Unsupported value: "": supported values: "Never", "Always", "CrossSubnet", NOT_CHECKED]',
  ],
  [
    "v3.32.1",
    "a block size below zero",
    { cidr: "10.75.0.0/16", blockSize: -1 },
    "spec.blockSize: Invalid value: -1: spec.blockSize in body should be greater than or equal to 0",
  ],
  [
    "v3.32.1",
    "a text as spec",
    "x",
    '[spec: Invalid value: "string": spec in body must be of type object: "string", NOT_CHECKED]',
  ],
  [
    "v3.32.1",
    "three rules at once",
    {
      cidr: "10.75.0.0/16",
      ipipMode: "Always",
      vxlanMode: "Always",
      allowedUses: ["LoadBalancer", "Workload"],
    },
    "[spec: Forbidden: ipipMode and vxlanMode cannot both be enabled, spec: Forbidden: LoadBalancer IP pool cannot have IPIP or VXLAN enabled, spec: Forbidden: LoadBalancer cannot be combined with Workload or Tunnel allowed uses]",
  ],
  [
    "v3.33.0",
    "zeros in front",
    { cidr: "10.072.0.0/20" },
    'spec: Invalid value: "object": network address parse error during conversion from string: network address parse error during conversion from string: netip.ParsePrefix("10.072.0.0/20"): ParseAddr("10.072.0.0"): IPv4 field has octet with leading zero evaluating rule: IPPool CIDR must be strictly masked',
  ],
  [
    "v3.33.0",
    "host bits",
    { cidr: "10.64.0.1/20" },
    "spec: Invalid value: IPPool CIDR must be strictly masked",
  ],
  [
    "v3.33.0",
    "block size 33",
    { cidr: "10.64.0.0/20", blockSize: 33 },
    "spec: Invalid value: blockSize must be between 20 and 32 for IPv4 pools, and between 116 and 128 for IPv6 pools",
  ],
];

test.each(refusals)("raw, %s: %s", async (calicoVersion, _what, spec, cause) => {
  const cluster = await TestCluster.start({ calicoVersion });
  const answer = await cluster.post(pools, {
    apiVersion: "crd.projectcalico.org/v1",
    kind: "IPPool",
    metadata: { name: "a" },
    spec,
  });
  const notChecked =
    "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
  const start = `IPPool.crd.projectcalico.org "a" is invalid: `;
  expect(textAt(answer.body, "message")).toContain(cause.replace("NOT_CHECKED", notChecked));
  expect(textAt(answer.body, "message").startsWith(start)).toBe(true);
  expect(answer.status).toBe(422);
  await cluster.server.close();
});

test("v3.32 lets through raw what only Calico's client refuses there", async () => {
  const cluster = await TestCluster.start({ calicoVersion: "v3.32.1" });
  for (const spec of [
    { cidr: "10.64.0.1/20" },
    { cidr: "10.64.0.0/20", blockSize: 33 },
    { cidr: "169.254.0.0/24" },
    { cidr: "10.072.0.0/20" },
    { cidr: "10.64.0.0/20", nodeSelector: "x".repeat(2000) },
  ]) {
    expect(await cluster.post(`${pools}?dryRun=All`, ipPool("a", spec))).toMatchObject({ status: 201 });
  }
  await cluster.server.close();
});

test("range and block size stay as they are; a missing field slips through, as on a real server", async () => {
  const cluster = await TestCluster.start();
  await cluster.post(pools, ipPool("a", { cidr: "10.64.0.0/20", blockSize: 28 }));
  const change = (spec: JsonObject) => cluster.patch(`${pools}/a`, { spec });
  const guide = "cannot be changed; follow IP pool migration guide to avoid corruption.";
  expect(await change({ cidr: "10.65.0.0/20" })).toMatchObject({
    status: 422,
    body: {
      message: `IPPool.crd.projectcalico.org "a" is invalid: spec.cidr: Invalid value: "10.65.0.0/20": CIDR ${guide}`,
    },
  });
  expect(await change({ blockSize: 26 })).toMatchObject({
    status: 422,
    body: { details: { causes: [{ field: "spec.blockSize", reason: "FieldValueInvalid" }] } },
  });
  expect(await change({ blockSize: null })).toMatchObject({ status: 200 });
  await cluster.server.close();
});

test("defaults and unknown fields: filled in, pruned, or refused when strictness is asked for", async () => {
  const cluster = await TestCluster.start({ calicoVersion: "v3.33.0" });
  const made = await cluster.post(pools, ipPool("a", { cidr: "10.64.0.0/20", foo: 1, disabled: null }));
  expect(made.body["spec"]).toEqual({
    cidr: "10.64.0.0/20",
    assignmentMode: "Automatic",
    nodeSelector: "all()",
  });
  expect(made.headers.get("warning")).toBe('299 - "unknown field \\"spec.foo\\""');
  expect(
    await cluster.post(`${pools}?fieldValidation=Strict`, ipPool("b", { cidr: "10.1.0.0/20", foo: 1 })),
  ).toMatchObject({
    status: 400,
    body: {
      message:
        'IPPool in version "v1" cannot be handled as a IPPool: strict decoding error: unknown field "spec.foo"',
    },
  });
  await cluster.server.close();
});

test("an odd object that is there already can be changed where it is not odd", async () => {
  const cluster = await TestCluster.start();
  cluster.server.seed([ipPool("odd", { cidr: "not-a-cidr", ipipMode: "sometimes" })]);
  expect(await cluster.patch(`${pools}/odd`, { metadata: { labels: { a: "b" } } })).toMatchObject({
    status: 200,
  });
  expect(await cluster.patch(`${pools}/odd`, { spec: { ipipMode: "never" } })).toMatchObject({ status: 422 });
  await cluster.server.close();
});
