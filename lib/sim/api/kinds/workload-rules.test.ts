import { expect, test } from "vitest";
import type { JsonObject } from "../../store/json.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import { workloadCauses } from "./workload-rules.ts";

const meta = { name: "w", uid: "u", resourceVersion: "1", creationTimestamp: "" };

function workload(spec: JsonObject, kind = "Deployment"): KubeObject {
  const template = {
    metadata: { labels: { app: "w", tier: "a" } },
    spec: { containers: [{ name: "c", image: "i" }] },
  };
  return { apiVersion: "apps/v1", kind, metadata: meta, spec: { template, ...spec } };
}

const texts = (object: KubeObject, old: KubeObject | null = null): string[] =>
  workloadCauses(object, old).map((cause) => `${cause.field}: ${cause.message}`);

const app = { matchLabels: { app: "w" } };
const mismatch =
  'spec.template.metadata.labels: Invalid value: {"app":"w","tier":"a"}: `selector` does not match template `labels`';
const expression = (key: string, operator: string, ...values: string[]): JsonObject => ({
  matchExpressions: [{ key, operator, values }],
});

test.each<[string, JsonObject, string[]]>([
  ["agreeing labels", { selector: app }, []],
  ["no selector", {}, ["spec.selector: Required value"]],
  [
    "an empty selector",
    { selector: {} },
    ["spec.selector: Invalid value: {}: empty selector is invalid for deployment"],
  ],
  ["another label", { selector: { matchLabels: { app: "x" } } }, [mismatch]],
  ["In", { selector: expression("app", "In", "v", "w") }, []],
  ["In, not listed", { selector: expression("app", "In", "v") }, [mismatch]],
  ["NotIn", { selector: expression("app", "NotIn", "v") }, []],
  ["NotIn, listed", { selector: expression("app", "NotIn", "w") }, [mismatch]],
  ["Exists", { selector: expression("tier", "Exists") }, []],
  ["Exists, absent", { selector: expression("nope", "Exists") }, [mismatch]],
  ["DoesNotExist", { selector: expression("nope", "DoesNotExist") }, []],
  ["a label every object inherits", { selector: expression("constructor", "Exists") }, [mismatch]],
  [
    "fewer than none",
    { selector: app, replicas: -1 },
    ["spec.replicas: Invalid value: -1: must be greater than or equal to 0"],
  ],
  [
    "a container without name and image",
    { selector: app, template: { metadata: { labels: { app: "w" } }, spec: { containers: [{}] } } },
    [
      "spec.template.spec.containers[0].name: Required value",
      "spec.template.spec.containers[0].image: Required value",
    ],
  ],
])("%s", (_what, spec, expected) => {
  expect(texts(workload(spec))).toEqual(expected);
});

test("an empty selector is named after the kind", () => {
  expect(texts(workload({ selector: {} }, "DaemonSet"))).toEqual([
    "spec.selector: Invalid value: {}: empty selector is invalid for daemonset",
  ]);
});

test("the selector stays, whatever order its labels are written in", () => {
  const before = workload({ selector: { matchLabels: { app: "w", tier: "a" } } });
  expect(texts(workload({ selector: { matchLabels: { tier: "a", app: "w" } } }), before)).toEqual([]);
  expect(texts(workload({ selector: app }), before)).toEqual([
    'spec.selector: Invalid value: {"matchLabels":{"app":"w"}}: field is immutable',
  ]);
});
