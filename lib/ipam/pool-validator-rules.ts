import type { CalicoVersion, ClientError } from "./pool-client-rules.ts";
import { fillPoolSpec, type FilledSpec, type PoolDraft, type PoolRule } from "./pool-draft.ts";
import { selectorProblem } from "./selector.ts";

/**
 * Second stage: tags of the fields, then what the validator says about uses and selectors (≤ v3.32; later only unknown uses), then the name.
 * Source: projectcalico/calico@87c1590 and v3.32.1 libcalico-go/lib/validator/v3/validator.go
 */
export function validatorErrors(draft: PoolDraft, version: CalicoVersion): ClientError[] {
  const spec = fillPoolSpec(draft.spec);
  return [
    ...tagErrors(spec, version),
    ...useErrors(spec, version),
    ...(version === "≤3.32" ? selectorRules(spec) : []),
    ...nameErrors(draft.name),
  ];
}

const MODES = ["Never", "Always", "CrossSubnet"];

function tagErrors(spec: FilledSpec, version: CalicoVersion): ClientError[] {
  const tag = (rule: PoolRule, field: string, name: string, value: string, label: string): ClientError => ({
    rule,
    field,
    name,
    value,
    reason: `Reason: failed to validate Field: ${name} because of Tag: ${label} `,
  });
  const errors: ClientError[] = [];
  if (version === "≤3.32") {
    if (!MODES.includes(spec.vxlanMode))
      errors.push(tag("encapsulation-mode", "spec.vxlanMode", "VXLANMode", spec.vxlanMode, "vxlanMode"));
    if (!MODES.includes(spec.ipipMode))
      errors.push(tag("encapsulation-mode", "spec.ipipMode", "IPIPMode", spec.ipipMode, "ipIpMode"));
  }
  if (selectorProblem(spec.nodeSelector) !== null) {
    errors.push(tag("selector", "spec.nodeSelector", "NodeSelector", spec.nodeSelector, "selector"));
  }
  if (version === "≤3.32" && spec.assignmentMode !== "Automatic" && spec.assignmentMode !== "Manual") {
    errors.push(
      tag("assignment-mode", "spec.assignmentMode", "AssignmentMode", spec.assignmentMode, "assignmentMode"),
    );
  }
  const namespaceSelector = spec.namespaceSelector ?? "";
  if (selectorProblem(namespaceSelector) !== null) {
    errors.push(
      tag("selector", "spec.namespaceSelector", "NamespaceSelector", namespaceSelector, "selector"),
    );
  }
  return errors;
}

function useErrors(spec: FilledSpec, version: CalicoVersion): ClientError[] {
  const uses = spec.allowedUses;
  const error = (
    rule: PoolRule,
    field: string,
    name: string,
    value: string,
    reason: string,
  ): ClientError => ({
    rule,
    field,
    name: `IPpool.${name}`,
    value,
    reason,
  });
  const listed = `[${uses.join(" ")}]`;
  const known = ["Workload", "Tunnel", "LoadBalancer"];
  const errors = uses
    .filter((use) => !known.includes(use))
    .map((use) => error("allowed-uses", "spec.allowedUses", "AllowedUses", listed, `unknown use: ${use}`));
  if (version !== "≤3.32" || !uses.includes("LoadBalancer")) return errors;
  if (spec.ipipMode !== "Never" || spec.vxlanMode !== "Never") {
    const reason = "Neither IPIPMode nor VXLANMode can be enabled on AllowedUses LoadBalancer IP pool";
    errors.push(error("load-balancer-encapsulation", "spec.allowedUses", "IPIPMode", spec.ipipMode, reason));
  }
  for (const use of uses.filter((other) => other === "Workload" || other === "Tunnel")) {
    errors.push(
      error(
        "load-balancer-uses",
        "spec.allowedUses",
        "AllowedUses",
        listed,
        `LoadBalancer cannot be used at the same time as: ${use}`,
      ),
    );
  }
  if (spec.disableBGPExport) {
    const reason = "IP Pool with AllowedUse LoadBalancer must have DisableBGPExport set to true";
    errors.push(error("load-balancer-bgp", "spec.disableBGPExport", "DisableBGPExport", spec.cidr, reason));
  }
  if (spec.nodeSelector !== "all()") {
    const reason = "IP Pool with AllowedUse LoadBalancer must have node selector set to all()";
    errors.push(error("load-balancer-node-selector", "spec.nodeSelector", "NodeSelector", spec.cidr, reason));
  }
  return errors;
}

function selectorRules(spec: FilledSpec): ClientError[] {
  const namespaceSelector = spec.namespaceSelector ?? "";
  const errors: ClientError[] = [];
  if (namespaceSelector !== "" && spec.allowedUses.includes("Tunnel")) {
    errors.push({
      rule: "tunnel-namespace-selector",
      field: "spec.namespaceSelector",
      name: "IPpool.NamespaceSelector",
      value: namespaceSelector,
      reason:
        "IP Pool with AllowedUse Tunnel cannot have namespaceSelector specified - tunnel IPs are not namespaced resources",
    });
  }
  for (const [field, name, value] of [
    ["nodeSelector", "NodeSelector", spec.nodeSelector],
    ["namespaceSelector", "NamespaceSelector", namespaceSelector],
  ] as const) {
    if (!value.includes("global(")) continue;
    const reason = `global() selector is not valid for IPPool ${field} - use all() instead`;
    errors.push({ rule: "global-selector", field: `spec.${field}`, name: `IPpool.${name}`, value, reason });
  }
  return errors;
}

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LONGEST_NAME = 253;

/** What Calico's validator says about the name of any of its objects. */
export function nameErrors(name: string): ClientError[] {
  const error = (reason: string): ClientError => ({
    rule: "name",
    field: "metadata.name",
    name: "Metadata.Name",
    value: name,
    reason,
  });
  const excess = name.length - LONGEST_NAME;
  if (excess > 0) return [error(`name is too long by ${excess} bytes`)];
  if (NAME.test(name)) return [];
  return [
    error(
      "name must consist of lower case alphanumeric characters, '-' or '.' (regex: [a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)",
    ),
  ];
}
