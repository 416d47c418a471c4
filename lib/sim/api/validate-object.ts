import { schemaCauses } from "../schema/validate.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { annotationCauses, labelCauses, subdomainRule } from "./names.ts";
import type { ResourceType } from "./resource-type.ts";
import { type Cause, invalid, invalidValue, quote, required } from "./status.ts";

/**
 * All that is wrong with an object about to be stored, in one refusal.
 * @throws ApiError 422
 */
export function validateObject(
  type: ResourceType,
  object: KubeObject,
  old: KubeObject | null,
  subresource: string,
): void {
  const causes = [
    ...metadataCauses(type, object, old),
    ...(type.custom ? schemaCauses(type.schema, object) : []),
    ...(type.strategy.validate?.(object, old, subresource) ?? []),
  ];
  if (causes.length > 0) throw invalid(type.group, type.kind, object.metadata.name, causes);
}

function metadataCauses(type: ResourceType, object: KubeObject, old: KubeObject | null): Cause[] {
  const { name, labels, annotations } = object.metadata;
  const causes: Cause[] = [];
  if (old === null) {
    if (name === "") {
      causes.push(required("metadata.name", "name or generateName is required"));
    } else {
      const rule = (type.strategy.nameRule ?? subdomainRule)(name);
      if (rule !== "") causes.push(invalidValue("metadata.name", quote(name), rule));
    }
  }
  causes.push(...labelCauses(labels, "metadata.labels"));
  causes.push(...annotationCauses(annotations, "metadata.annotations"));
  return causes;
}
