import { celSkipped, schemaCauses } from "../schema/validate.ts";
import { equalJson, isObject, type Json } from "../store/json.ts";
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
  const metadata = metadataCauses(type, object, old);
  const causes = [
    ...metadata,
    ...(type.custom ? customCauses(type, object, old, metadata) : []),
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

/** Schema, then rules. What an update leaves as it was is not held against it. */
function customCauses(
  type: ResourceType,
  object: KubeObject,
  old: KubeObject | null,
  earlier: readonly Cause[],
): Cause[] {
  const found = schemaCauses(type.schema, object).filter(
    (cause) => old === null || !equalJson(valueAt(object, cause.field), valueAt(old, cause.field)),
  );
  if (type.strategy.rules === undefined) return found;
  const skipped = celSkipped([...earlier, ...found]);
  if (skipped !== null) return [...found, skipped];
  if (old !== null && equalJson(object["spec"], old["spec"])) return found;
  return [...found, ...type.strategy.rules(object, old)];
}

/** The value a cause's field names; undefined when there is none. */
function valueAt(object: KubeObject, field: string): Json | undefined {
  let value: Json | undefined = object;
  for (const [, key, index] of field.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    if (index !== undefined) value = Array.isArray(value) ? value[Number(index)] : undefined;
    else value = isObject(value) ? value[key ?? ""] : undefined;
  }
  return value;
}
