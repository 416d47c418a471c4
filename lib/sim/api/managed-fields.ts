import type { KubeObject } from "../store/kube-object.ts";
import type { WriteOptions } from "./cluster.ts";
import type { ResourceType } from "./resource-type.ts";

/** Records in `metadata.managedFields` which of the object's fields this write set. */
export function recordFields(
  _type: ResourceType,
  _next: KubeObject,
  _old: KubeObject | null,
  _options: WriteOptions,
  _now: string,
): void {}
