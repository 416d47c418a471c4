import { expect, test } from "vitest";
import { effectivePools, type EffectivePoolsInput } from "./effective-pools.ts";
import { testPool } from "./testing.ts";

const a = testPool("a", "10.64.0.0/20");
const b = testPool("b", "10.64.16.0/20");
const team = testPool("team", "10.65.0.0/20", {
  namespaceSelector: "team == 'x'",
  allowedUses: ["Workload"],
});
const manual = testPool("manual", "10.66.0.0/20", { assignmentMode: "Manual" });
const lb = testPool("lb", "10.67.0.0/20", { allowedUses: ["LoadBalancer"] });
const gpu = testPool("gpu", "10.68.0.0/20", { nodeSelector: "has(gpu)" });
const six = testPool("six", "fd00:10:64::/64");

const bare: EffectivePoolsInput = {
  family: 4,
  annotation: null,
  namespaceLabels: {},
  pools: [b, a, team, manual, lb, gpu, six],
  nodesOf: (pool) => (pool.name === "gpu" ? 0 : 3),
  cniPools: [],
  asked: false,
};

/** `source: pools | problem codes | Calico's error`. */
function summary(changes: Partial<EffectivePoolsInput>): string {
  const { source, pools, problems, error } = effectivePools({ ...bare, ...changes });
  return `${source}: ${pools.map((pool) => pool.name).join(" ")} | ${problems.map(({ code }) => code).join(" ")} | ${error}`;
}

const disabled = (name: string) =>
  bare.pools.map((pool) => (pool.name === name ? { ...pool, disabled: true } : pool));
const given = (cidr: string): string => `the given pool (${cidr}) does not exist, or is not enabled`;

test.each<[string, Partial<EffectivePoolsInput>, string]>([
  ["nothing said", {}, "default: a b |  | null"],
  ["a label that a pool selects", { namespaceLabels: { team: "x" } }, "selector: a b team |  | null"],
  ["an annotation", { annotation: '["b"]' }, "annotation: b |  | null"],
  ["an order", { annotation: '["b","a"]' }, "annotation: b a |  | null"],
  ["a CIDR", { annotation: '["10.64.16.0/20"]' }, "annotation: b |  | null"],
  ["a name twice", { annotation: '["b","10.64.16.0/20"]' }, "annotation: b |  | null"],
  [
    "selectors, Manual and nodes do not matter by name",
    { annotation: '["team","manual","gpu"]' },
    "annotation: team manual gpu |  | null",
  ],
  ["an empty text", { annotation: "" }, "default: a b |  | null"],
  [
    "an empty list over the CNI configuration",
    { annotation: "[]", cniPools: ["b"] },
    "default: a b |  | null",
  ],
  ["the CNI configuration", { cniPools: ["b"] }, "cniConfig: b |  | null"],
  [
    "no JSON",
    { annotation: "external-pool" },
    "annotation:  | not-json | invalid character 'e' looking for beginning of value",
  ],
  [
    "a number",
    { annotation: "[1]" },
    "annotation:  | not-json | json: cannot unmarshal number into Go value of type string",
  ],
  [
    "an unknown name",
    { annotation: '["a","nope"]' },
    'annotation:  | unknown-pool | error parsing pool "nope": invalid CIDR address: nope',
  ],
  [
    "an IPv6 pool",
    { annotation: '["six"]' },
    `annotation:  | wrong-family | "fd00:10:64::" isn't a IPv4 address`,
  ],
  [
    "an IPv4 pool for IPv6",
    { family: 6, annotation: '["a"]' },
    `annotation:  | wrong-family | "10.64.0.0" isn't a IPv6 address`,
  ],
  [
    "a part of a pool",
    { annotation: '["10.64.0.0/21"]' },
    `annotation:  | not-a-pool | ${given("10.64.0.0/21")}`,
  ],
  ["a CIDR with host bits", { annotation: '["10.64.3.7/20"]' }, "annotation: a |  | null"],
  [
    "a disabled pool",
    { annotation: '["a"]', pools: disabled("a") },
    `annotation: a | pool-disabled | ${given("10.64.0.0/20")}`,
  ],
  [
    "a disabled pool beside a good one",
    { annotation: '["b","a"]', pools: disabled("a") },
    `annotation: b a | pool-disabled | ${given("10.64.0.0/20")}`,
  ],
  [
    "the only pool, disabled",
    { annotation: '["a"]', pools: [{ ...a, disabled: true }] },
    "annotation: a | pool-disabled | cannot find a qualified ippool",
  ],
  [
    "a pool being deleted",
    { annotation: '["a"]', pools: [{ ...a, deleting: true }, b] },
    `annotation: a | pool-terminating | ${given("10.64.0.0/20")}`,
  ],
  [
    "a pool that lost its range",
    {
      annotation: '["a"]',
      pools: [{ ...a, allocatable: { status: "False", reason: "CIDROverlap", message: "" } }, b],
    },
    `annotation: a | pool-not-allocatable | ${given("10.64.0.0/20")}`,
  ],
  [
    "a pool for LoadBalancers",
    { annotation: '["lb"]' },
    "annotation: lb | pool-use | cannot find a qualified ippool, no pools match the required use (Workload)",
  ],
  [
    "a pool for LoadBalancers beside a good one",
    { annotation: '["lb","a"]' },
    "annotation: lb a | pool-use | null",
  ],
  [
    "nobody selected",
    { pools: [manual, team, gpu] },
    "default:  | no-pool | no configured Calico pools for node <node>",
  ],
  [
    "only LoadBalancer pools",
    { pools: [lb] },
    "default:  | no-pool | cannot find a qualified ippool, no pools match the required use (Workload)",
  ],
  [
    "an unreadable selector anywhere",
    { pools: [a, { ...b, nodeSelector: "zone = 'a'" }] },
    "default:  | bad-selector | expected ==",
  ],
  [
    "an unreadable selector of a disabled pool",
    { pools: [a, { ...b, disabled: true, nodeSelector: "zone = 'a'" }] },
    "default: a |  | null",
  ],
  ["no pool at all", { pools: [] }, "default:  | no-pool | cannot find a qualified ippool"],
  ["no IPv6 pool, and nobody asks", { family: 6, pools: [a] }, "default:  |  | null"],
  [
    "only a disabled IPv6 pool, and nobody asks",
    { family: 6, pools: disabled("six") },
    "default:  |  | null",
  ],
  [
    "only a disabled IPv6 pool, and pods ask",
    { family: 6, pools: disabled("six"), asked: true },
    "default:  | no-pool | cannot find a qualified ippool",
  ],
  [
    "only a disabled IPv6 pool, and the annotation asks for any",
    { family: 6, pools: disabled("six"), annotation: "[]" },
    "default:  | no-pool | cannot find a qualified ippool",
  ],
  [
    "only a disabled IPv6 pool, and the CNI configuration names it",
    { family: 6, pools: disabled("six"), cniPools: ["six"] },
    "cniConfig: six | pool-disabled | cannot find a qualified ippool",
  ],
  [
    "only a disabled IPv6 pool, and an empty annotation",
    { family: 6, pools: disabled("six"), annotation: "" },
    "default:  |  | null",
  ],
  [
    "only disabled IPv4 pools: IPv4 is asked for by default",
    { pools: [{ ...a, disabled: true }, six] },
    "default:  | no-pool | cannot find a qualified ippool",
  ],
  [
    "no IPv4 pool beside IPv6, and pods ask",
    { pools: [six], asked: true },
    "default:  | no-pool | cannot find a qualified ippool",
  ],
  ["no IPv4 pool beside IPv6", { pools: [six] }, "default:  |  | null"],
  ["IPv6 by default", { family: 6 }, "default: six |  | null"],
])("%s", (_name, changes, expected) => {
  expect(summary(changes)).toBe(expected);
});

test("problems are sentences with the field to change", () => {
  expect(effectivePools({ ...bare, annotation: "team" }).problems).toEqual([
    {
      code: "not-json",
      field: "ipv4pools",
      message: 'The annotation is not a JSON list of texts such as ["team"], so new pods fail',
    },
  ]);
  expect(effectivePools({ ...bare, annotation: '["nope"]' }).problems[0]?.message).toBe(
    "No pool is named nope, so new pods fail",
  );
  expect(effectivePools({ ...bare, annotation: '["six"]' }).problems[0]?.message).toBe(
    "fd00:10:64:: is not an IPv4 address: the pool belongs into the ipv6pools annotation, so new pods fail",
  );
  expect(effectivePools({ ...bare, annotation: '["a"]', pools: disabled("a") }).problems[0]?.message).toBe(
    "a is disabled, so new pods fail",
  );
});
