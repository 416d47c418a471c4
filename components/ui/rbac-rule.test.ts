import { expect, test } from "vitest";
import { parse } from "yaml";
import { type Permission, ruleFor, rulesFor } from "./rbac-rule.ts";

const follow = ["get", "list", "watch"];
const cases: readonly [string, Permission, object][] = [
  [
    "a kind of the core group",
    { verb: "list", group: "", resource: "pods" },
    { apiGroups: [""], resources: ["pods"], verbs: follow },
  ],
  [
    "a change",
    { verb: "patch", group: "crd.projectcalico.org", resource: "ippools" },
    { apiGroups: ["crd.projectcalico.org"], resources: ["ippools"], verbs: ["patch"] },
  ],
  [
    "one object",
    { verb: "get", group: "", resource: "configmaps", name: "cni-config", namespace: "calico-system" },
    { apiGroups: [""], resources: ["configmaps"], resourceNames: ["cni-config"], verbs: ["get"] },
  ],
];

test.each(cases)("the rule for %s is what RBAC takes", (_, permission, rule) => {
  expect(parse(ruleFor(permission))).toEqual(rule);
});

test("several rules are the list below rules:", () => {
  expect(parse(rulesFor(cases.map(([, permission]) => permission)))).toEqual(cases.map(([, , rule]) => rule));
});
