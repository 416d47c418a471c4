import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ApiError } from "../../kube/errors.ts";
import { kubeProblem } from "./kube-problem.ts";
import { ProblemError } from "../problem.ts";
import { refusedFields } from "./pool-refusal.ts";

const permission = { verb: "create", group: "projectcalico.org", resource: "ippools" };
const attempt = { what: "pool p", permission, writes: true, fields: refusedFields };

const invalid = (causes: readonly { field: string; message: string }[]) =>
  new ApiError({
    status: 422,
    reason: "Invalid",
    message: "it is invalid",
    details: {
      name: "p",
      group: "projectcalico.org",
      kind: "IPPool",
      causes: causes.map((cause) => ({ reason: "FieldValueInvalid", ...cause })),
    },
  });

interface Step {
  readonly op: string;
  readonly error?: string;
}

/** The causes in a refusal of a real API server, as calicoctl printed them. */
function causesIn({ error = "" }: Step): { field: string; message: string }[] {
  const text = /IPPool\.[\w.]+ "[^"]*" is invalid: (.*?)\]*$/s.exec(error)?.[1] ?? "";
  const parts = text.replace(/^\[/, "").split(/, (?=spec[.\w[\]]*: |<nil>: )/);
  return parts.filter(Boolean).map((part) => {
    const [, field = "", message = ""] = /^(\S+): (.*)$/s.exec(part) ?? [];
    return { field, message };
  });
}

describe.each(["validation-v3.32", "validation-next", "validation-native-v3"])("%s", (recording) => {
  const file = new URL(`../../recordings/${recording}.json`, import.meta.url);
  const { steps } = JSON.parse(readFileSync(file, "utf8")) as { steps: readonly Step[] };
  const refusals = steps.filter(({ error }) => error?.includes(" is invalid: "));

  test("every refusal of the API server lands on a field that a person can change", () => {
    expect(refusals.length).toBeGreaterThan(0);
    for (const step of refusals) {
      for (const { field, message } of refusedFields(invalid(causesIn(step)))) {
        if (message.includes("some validation rules were not checked")) expect(field).toBe("");
        else expect(field, message).toMatch(/^spec\.[a-zA-Z]+$/);
      }
    }
  });

  test("what Calico's Go code refuses lands there too, as its API server passes it on", () => {
    for (const { error = "" } of steps) {
      const [, name, reason] = /error with field (\S+)(?: = '.*?')? \((.*)\)\]?$/s.exec(error) ?? [];
      if (!name || !reason) continue;
      const [found] = refusedFields(invalid([{ field: name, message: `Invalid value: "x": ${reason}` }]));
      expect(found?.field, name).toMatch(/^(spec\.[a-zA-Z]+|metadata\.name)$/);
    }
  });
});

const samples: readonly [string, string, string][] = [
  ["spec", 'Invalid value: "object": IPPool CIDR must be strictly masked', "spec.cidr"],
  [
    "spec",
    "Invalid value: blockSize must be between 20 and 32 for IPv4 pools, and between 116 and 128 for IPv6 pools",
    "spec.blockSize",
  ],
  [
    "spec",
    "Forbidden: IP Pool with AllowedUse Tunnel cannot have namespaceSelector",
    "spec.namespaceSelector",
  ],
  ["spec", "Invalid value: global() selector is not valid for IPPool nodeSelector", "spec.nodeSelector"],
  ["spec.allowedUses[1]", 'Duplicate value: "Workload"', "spec.allowedUses"],
  [
    "spec.ipipMode",
    'Unsupported value: "always": supported values: "Never", "Always", "CrossSubnet"',
    "spec.ipipMode",
  ],
  [
    "IPPool.Spec.CIDR",
    'Invalid value: "10.0.0.0/8": IPPool(a) CIDR overlaps with IPPool(b) CIDR 10.0.0.0/8',
    "spec.cidr",
  ],
  ["IPpool.AllowedUses", 'Invalid value: "[Other]": unknown use: Other', "spec.allowedUses"],
  ["spec", "a rule that nobody has heard of", "spec"],
];

test.each(samples)("%s: %s", (field, message, concerned) => {
  expect(refusedFields(invalid([{ field, message }]))).toEqual([{ field: concerned, message }]);
});

const webhook = 'admission webhook "pools.example.com" denied the request: no pools on Fridays';
const policy = "ValidatingAdmissionPolicy 'small-pools' with binding 'all' denied request: too large";
const admission: readonly [string, number, string, string, string, string][] = [
  ["a webhook", 400, "", webhook, "invalid-fields", webhook],
  ["a webhook that answers 403", 403, "Forbidden", webhook, "invalid-fields", webhook],
  [
    "a policy",
    422,
    "Invalid",
    `ippools.projectcalico.org "p" is forbidden: ${policy}`,
    "invalid-fields",
    policy,
  ],
  [
    "a policy that answers 403",
    403,
    "Forbidden",
    `ippools.projectcalico.org "p" is forbidden: ${policy}`,
    "invalid-fields",
    policy,
  ],
  [
    "a webhook that does not answer",
    500,
    "InternalError",
    'Internal error occurred: failed calling webhook "pools.example.com": connection refused',
    "upstream",
    "Nothing was written: the webhook pools.example.com that must agree does not answer",
  ],
  [
    "a missing right",
    403,
    "Forbidden",
    'ippools.projectcalico.org is forbidden: User "u" cannot create resource "ippools"',
    "forbidden",
    "does not let Poolboard create ippools.projectcalico.org",
  ],
  [
    "storage that fails",
    500,
    "InternalError",
    "etcdserver: request timed out",
    "outcome-unknown",
    "answered 500",
  ],
];

test.each(admission)("refused by %s", (_, status, reason, message, code, words) => {
  const problem = kubeProblem(new ApiError({ status, reason, message }), attempt);
  expect(problem).toBeInstanceOf(ProblemError);
  if (!(problem instanceof ProblemError)) return;
  expect([problem.code, problem.message]).toEqual([code, expect.stringContaining(words)]);
});
