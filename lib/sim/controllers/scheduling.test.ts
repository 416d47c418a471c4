import { describe, expect, test } from "vitest";
import type { Node, Pod, PodSpec } from "../kube-objects.ts";
import { parseQuantity } from "./quantity.ts";
import type { Candidate } from "./scheduling.ts";
import { misfit, place } from "./scheduling.ts";

const meta = (name: string) => ({
  name,
  uid: name,
  resourceVersion: "1",
  creationTimestamp: "2026-11-24T10:00:00Z",
});

function node(name: string, more: Partial<Node> = {}): Node {
  return { ...more, metadata: { ...meta(name), ...more.metadata } };
}

function pod(name: string, spec: Partial<PodSpec> = {}, owner?: string): Pod {
  const ownerReferences = owner
    ? [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: owner, uid: owner, controller: true }]
    : [];
  return { metadata: { ...meta(name), ownerReferences }, spec: { containers: [{ name: "app" }], ...spec } };
}

const tainted = node("control", {
  spec: { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] },
});

describe("place", () => {
  test("nine replicas on three workers are three each, whatever else runs there", () => {
    const workers = ["a", "b", "c"].map((name) => node(name));
    const bound = new Map<string, Pod[]>([
      ["control", []],
      ["a", [pod("x"), pod("y")]],
      ["b", []],
      ["c", [pod("z")]],
    ]);
    for (let i = 0; i < 9; i++) {
      const one = pod(`p${i}`, {}, "rs");
      const candidates = [tainted, ...workers].map((n): Candidate => ({
        node: n,
        pods: bound.get(n.metadata.name) ?? [],
      }));
      const chosen = place(one, candidates);
      bound.get(chosen.node ?? "")?.push(one);
    }
    expect(
      [...bound].map(([name, pods]) => [name, pods.filter((p) => p.metadata.name.startsWith("p")).length]),
    ).toEqual([
      ["control", 0],
      ["a", 3],
      ["b", 3],
      ["c", 3],
    ]);
  });

  test("the reasons are counted in the scheduler's words", () => {
    const candidates = [
      tainted,
      node("a", { spec: { unschedulable: true } }),
      node("b", { spec: { unschedulable: true } }),
    ];
    expect(
      place(
        pod("p"),
        candidates.map((n) => ({ node: n, pods: [] })),
      ),
    ).toEqual({
      node: null,
      message:
        "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, " +
        "2 node(s) were unschedulable. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    });
    expect(place(pod("p"), [])).toEqual({ node: null, message: "no nodes available to schedule pods" });
  });
});

describe("misfit", () => {
  const term = (key: string, operator: string, values?: string[]) => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key, operator, ...(values ? { values } : {}) }] }],
        },
      },
    },
  });
  const affinity = "node(s) didn't match Pod's node affinity/selector";
  test.each<[string, Partial<PodSpec>, Partial<Node>, Pod[], string | null]>([
    ["plain", {}, {}, [], null],
    ["a toleration for everything", { tolerations: [{ operator: "Exists" }] }, tainted, [], null],
    [
      "a toleration of another effect",
      {
        tolerations: [
          { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoExecute" },
        ],
      },
      tainted,
      [],
      "node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }",
    ],
    [
      "a taint that only prefers",
      {},
      { spec: { taints: [{ key: "k", effect: "PreferNoSchedule" }] } },
      [],
      null,
    ],
    ["a node selector without its label", { nodeSelector: { gpu: "h100" } }, {}, [], affinity],
    [
      "affinity In",
      term("zone", "In", ["a"]),
      { metadata: { ...meta("n"), labels: { zone: "a" } } },
      [],
      null,
    ],
    [
      "affinity NotIn",
      term("zone", "NotIn", ["a"]),
      { metadata: { ...meta("n"), labels: { zone: "a" } } },
      [],
      affinity,
    ],
    [
      "affinity Gt",
      term("cores", "Gt", ["8"]),
      { metadata: { ...meta("n"), labels: { cores: "16" } } },
      [],
      null,
    ],
    ["no place left", {}, { status: { allocatable: { pods: "1" } } }, [pod("other")], "Too many pods"],
    [
      "no memory left",
      { containers: [{ name: "app", resources: { requests: { memory: "3Gi" } } }] },
      { status: { allocatable: { memory: "4Gi" } } },
      [pod("other", { containers: [{ name: "app", resources: { requests: { memory: "2Gi" } } }] })],
      "Insufficient memory",
    ],
  ])("%s", (_, spec, nodeFields, pods, expected) => {
    expect(misfit(pod("p", spec), { node: node("n", nodeFields), pods })).toBe(expected);
  });
});

test.each<[string | number | undefined, number | null]>([
  ["250m", 0.25],
  ["64Gi", 64 * 2 ** 30],
  [110, 110],
  ["1e3", 1000],
  ["1.5", 1.5],
  ["", null],
  [undefined, null],
  ["1Zi", null],
])("quantity %j", (text, value) => {
  expect(parseQuantity(text)).toBe(value);
});
