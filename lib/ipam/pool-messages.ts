import { celRules } from "./pool-cel.ts";

/** How Calico's Go code names the fields of a pool. Source: projectcalico/calico@87c1590 libcalico-go/lib/clientv3/ippool.go, lib/validator/v3/validator.go */
const goFields: Readonly<Record<string, string>> = {
  CIDR: "spec.cidr",
  BlockSize: "spec.blockSize",
  IPIPMode: "spec.ipipMode",
  VXLANMode: "spec.vxlanMode",
  NATOutgoing: "spec.natOutgoing",
  Disabled: "spec.disabled",
  DisableBGPExport: "spec.disableBGPExport",
  NodeSelector: "spec.nodeSelector",
  NamespaceSelector: "spec.namespaceSelector",
  AllowedUses: "spec.allowedUses",
  AssignmentMode: "spec.assignmentMode",
};

/**
 * The field of a pool that a cause of a refusal is about, as a path into the document; "" when it is about the whole. The value in
 * front of a message differs between Kubernetes versions, so rules are known by how the message ends.
 */
export function concernedField(field: string, message: string): string {
  const rule = celRules.find((one) => message.endsWith(one.message));
  if (rule) return rule.concerns;
  const go = /^(?:IPPool\.Spec|IPpool|IPPoolSpec|Spec)\.(\w+)$/.exec(field)?.[1];
  if (go !== undefined) return goFields[go] ?? field;
  if (field === "Metadata.Name" || field === "name") return "metadata.name";
  if (Object.hasOwn(goFields, field)) return goFields[field] ?? field;
  return field === "<nil>" ? "" : field.replace(/\[\d+\]$/, "");
}
