import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { testPool } from "./testing.ts";
import { triage, type TriageFacts, type TriagePool } from "./triage.ts";

const entry = (pool: TriagePool["pool"], free: bigint | null = 4087n): TriagePool => ({
  pool,
  free,
  blocksLeft: 60n,
});
const external = testPool("external-pool", "10.64.0.0/20");
const internal = testPool("internal-pool", "10.64.16.0/20");

const facts: TriageFacts = {
  configResource: "ipamconfigs.crd.projectcalico.org",
  pod: { namespace: "external-ns", name: "nginx", node: "s666dan4152", windows: false },
  usable: new Set(["external-pool", "internal-pool"]),
  annotation: { 4: { raw: '["external-pool"]', on: "Namespace" }, 6: null },
  pools: [entry(external), entry(internal)],
  blocks: { held: 20, limit: 20 },
};
const around = (changes: Partial<TriageFacts>): TriageFacts => ({ ...facts, ...changes });
const disabled = entry({ ...external, disabled: true });
const GIVEN = "the given pool (10.64.0.0/20) does not exist, or is not enabled";

test("with no pool enabled, only one that is asked for would help", () => {
  const off = { ...internal, disabled: true };
  const none = around({ pools: [disabled, entry(off)] });
  const labels = (of: TriageFacts) =>
    triage("cannot find a qualified ippool", of).fixes.map(({ label }) => label);
  expect(labels(none)).toEqual(["Enable external-pool"]);
  expect(labels({ ...none, annotation: { 4: null, 6: null } })).toEqual([
    "Enable external-pool",
    "Enable internal-pool",
  ]);
});

test("the tutorial's failing pod", () => {
  expect(triage(GIVEN, around({ pools: [disabled, entry(internal)] }))).toEqual({
    code: "pool-disabled",
    cause:
      "external-pool is disabled, and external-ns names only that pool. It is not full: 4,087 of its addresses are free.",
    fixes: [
      {
        label: "Enable external-pool",
        href: "/pools/external-pool",
        command: `calicoctl patch ippool external-pool -p '{"spec":{"disabled":false}}'`,
      },
      {
        label: "Choose pools for external-ns",
        href: "/namespaces?edit=external-ns",
        command: `kubectl annotate namespace external-ns cni.projectcalico.org/ipv4pools='["internal-pool"]' --overwrite`,
      },
    ],
  });
});

const named = (raw: string, on: "Pod" | "Namespace" = "Namespace"): Partial<TriageFacts> => ({
  annotation: { 4: { raw, on }, 6: null },
});
const FULL =
  "failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; No IPs available in pools: [10.64.0.0/20]";

test.each<[string, string, Partial<TriageFacts>, string, RegExp]>([
  [
    "a list with a disabled pool",
    GIVEN,
    { ...named('["external-pool","internal-pool"]'), pools: [disabled] },
    "pool-disabled",
    /external-ns names it; Calico refuses the whole list/,
  ],
  [
    "a pod that asks itself",
    GIVEN,
    { ...named('["external-pool"]', "Pod"), pools: [disabled] },
    "pool-disabled",
    /pod nginx names only that pool/,
  ],
  [
    "the CNI configuration asks",
    GIVEN,
    { annotation: { 4: null, 6: null }, pools: [disabled] },
    "pool-disabled",
    /the CNI configuration names it/,
  ],
  [
    "a pool being deleted",
    GIVEN,
    { pools: [entry({ ...external, deleting: true })] },
    "pool-terminating",
    /is being deleted/,
  ],
  [
    "an overlap",
    GIVEN,
    { pools: [entry({ ...external, allocatable: { status: "False", reason: "CIDROverlap", message: "" } })] },
    "pool-not-allocatable",
    /overlaps a pool/,
  ],
  ["enabled since", GIVEN, {}, "pool-was-disabled", /next try of the kubelet can succeed/],
  [
    "no such pool",
    GIVEN,
    { pools: [entry(internal)] },
    "pool-missing",
    /No pool has exactly the range 10\.64\.0\.0\/20/,
  ],
  ["no pool", "cannot find a qualified ippool", { pools: [] }, "no-pool", /There is no pool/],
  [
    "none enabled",
    "cannot find a qualified ippool",
    { pools: [disabled] },
    "no-pool-enabled",
    /No pool of the family asked for is enabled\. 1 pool exists/,
  ],
  [
    "no IPv6",
    "cannot find a qualified ippool",
    {},
    "no-pool-enabled",
    /No IPv6 pool is enabled\. 2 pools exist/,
  ],
  [
    "no workloads",
    "cannot find a qualified ippool, no pools match the required use (Workload)",
    {},
    "no-pool-for-workloads",
    /none has Workload/,
  ],
  [
    "selectors",
    "no configured Calico pools for node worker-49",
    { pools: [entry({ ...external, assignmentMode: "Manual" }), entry(internal)] },
    "no-pool-selected",
    /worker-49 and external-ns together\. Of 2 enabled pools 1 must be asked for by name \(assignmentMode Manual\), 1 selects other/,
  ],
  [
    "the block limit",
    "cannot allocate new block due to per host block limit",
    {},
    "block-limit",
    /s666dan4152 holds 20 of the 20 blocks/,
  ],
  ["no claims", "failed to find or claim a block", {}, "no-new-blocks", /autoAllocateBlocks false/],
  [
    "strict affinity",
    "failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; No more free affine blocks and strict affinity enabled",
    {},
    "strict-affinity",
    /keeps it from borrowing/,
  ],
  [
    "a full pool",
    FULL,
    { pools: [entry(external, 0n)] },
    "pool-full",
    /^external-pool has no address left: 0 of 4,096 are free\.$/,
  ],
  [
    "a pool that was full",
    FULL,
    { pools: [entry(external, 12n)] },
    "pool-full",
    /had no address left when the pod was tried\. 12 of 4,096 are free now/,
  ],
  [
    "a full pool, use unknown",
    FULL,
    { pools: [entry(external, null)] },
    "pool-full",
    /no address left of 4,096/,
  ],
  ["a full pool that is gone", FULL, { pools: [] }, "pool-full", /^10\.64\.0\.0\/20 has no address left\.$/],
  [
    "two full pools",
    FULL.replace("]", ", 10.64.16.0/20]"),
    { pools: [entry(external, 0n), entry(internal, 0n)] },
    "pool-full",
    /external-pool has.* internal-pool has/,
  ],
  [
    "two full pools, as Go prints lists",
    FULL.replace("]", " 10.64.16.0/20]"),
    { pools: [entry(external, 0n), entry(internal, 0n)] },
    "pool-full",
    /external-pool has.* internal-pool has/,
  ],
  [
    "a block that could not be written",
    "failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; Failed to assign IPs in newly allocated block",
    {},
    "block-write-failed",
    /could not write/,
  ],
  [
    "no JSON",
    "invalid character 'e' looking for beginning of value",
    named("external-pool"),
    "annotation-not-json",
    /such as \["external-pool"\]\. The annotation is on namespace external-ns/,
  ],
  [
    "a number",
    "json: cannot unmarshal number into Go value of type string",
    named("[1]"),
    "annotation-not-json",
    /not a JSON list/,
  ],
  [
    "an unknown name",
    'error parsing pool "nope": invalid CIDR address: nope',
    named('["nope"]'),
    "annotation-unknown-pool",
    /^No pool is named nope\. The annotation is on namespace external-ns/,
  ],
  [
    "the wrong family",
    `"fd00:10:64::" isn't a IPv4 address`,
    named('["six"]'),
    "annotation-wrong-family",
    /belongs into the ipv6pools annotation/,
  ],
  [
    "an address outside",
    "The provided IP address is not in a configured pool\n",
    {},
    "ip-outside-pools",
    /pod nginx asks for/,
  ],
  [
    "an address of another use",
    'error getting IP from IPAM: IP address 10.64.0.77 is in IP pool "lb", which is not allowed for use "Workload" (allowedUses: [LoadBalancer])',
    {},
    "ip-wrong-use",
    /asks for 10\.64\.0\.77\. lb holds it and gives addresses for LoadBalancer only/,
  ],
  [
    "an address in use",
    "resource already exists: 10.64.0.77 with error: Address already assigned in block",
    {},
    "ip-taken",
    /10\.64\.0\.77, which is in use/,
  ],
  [
    "another node's block",
    "Block host affinity does not match",
    {},
    "ip-other-node",
    /keeps s666dan4152 from borrowing/,
  ],
  [
    "a lost race",
    "10.64.0.0/26 already claimed by host:worker-64",
    {},
    "block-claimed",
    /worker-64 claimed 10\.64\.0\.0\/26/,
  ],
  ["contention", "Max retries hit - excessive concurrent IPAM requests", {}, "busy", /Too many requests/],
  [
    "a missing node",
    'resource does not exist: Node(n) with error: nodes "n" not found',
    {},
    "node-missing",
    /finds no node n/,
  ],
  [
    "a lock",
    "Calico is currently not ready to process requests",
    {},
    "datastore-locked",
    /datastoreReady false/,
  ],
  [
    "no calico-node",
    "stat /var/lib/calico/nodename: no such file or directory: check that the calico/node container is running and has mounted /var/lib/calico/",
    {},
    "calico-node-missing",
    /does not run on s666dan4152/,
  ],
  ["a bad selector", "expected ==", {}, "selector-unreadable", /every request that names no pool fails/],
  [
    "a bad selector with content",
    "unexpected content at end of selector [TokLabel(c) TokEOF()]",
    {},
    "selector-unreadable",
    /selector/,
  ],
  ["bad families", "error parsing ipFamilies: IPv4", {}, "ip-families", /JSON list/],
  [
    "a hostile CIDR",
    "the given pool (../..) does not exist, or is not enabled",
    {},
    "unknown",
    /words that Poolboard does not know/,
  ],
  ["something else", "the moon is full", {}, "unknown", /on s666dan4152 with words/],
])("%s", (_name, text, changes, code, cause) => {
  const answer = triage(text, around(changes));
  expect(answer.code).toBe(code);
  expect(answer.cause).toMatch(cause);
  expect(answer.cause).not.toMatch(/[{}]|undefined|null/);
});

describe("recordings", () => {
  const folder = new URL("../recordings/", import.meta.url);
  interface Step {
    op: string;
    error?: string;
  }
  const texts = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => {
      const recording: { steps: Step[] } = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
      return recording.steps.flatMap(({ op, error }) => (op === "add" && error !== undefined ? [error] : []));
    });

  test.each([...new Set(texts)])("%s is known", (text) => {
    expect(triage(text, facts).code).not.toBe("unknown");
  });

  test("there are some", () => {
    expect(texts.length).toBeGreaterThan(20);
  });
});
