import type { Pool } from "@/lib/contract/pools.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import type { PoolDraft } from "./pool-draft.ts";

/** What is wrong with which field of the form. */
export type FieldErrors = Partial<Record<keyof PoolDraft, string>>;

const fieldOf: Readonly<Record<string, keyof PoolDraft>> = {
  "metadata.name": "name",
  "spec.cidr": "cidr",
  "spec.blockSize": "blockSize",
  "spec.ipipMode": "encapsulation",
  "spec.vxlanMode": "encapsulation",
  "spec.natOutgoing": "natOutgoing",
  "spec.disabled": "disabled",
  "spec.disableBGPExport": "disableBGPExport",
  "spec.nodeSelector": "nodeSelector",
  "spec.namespaceSelector": "namespaceSelector",
  "spec.allowedUses": "uses",
  "spec.assignmentMode": "assignmentMode",
};

/** The server's errors by field of the form. */
export function fieldErrors(problem: Problem): FieldErrors {
  return byField(problem.errors ?? []);
}

/** Errors with paths such as `spec.cidr` by field of the form; several of one field are joined. */
export function byField(
  errors: readonly { readonly field: string; readonly message: string }[],
): FieldErrors {
  const found: FieldErrors = {};
  for (const { field, message } of errors) {
    const key = fieldOf[field] ?? fieldOf[field.replace(/[[.]\d+\]?$/, "")];
    if (key === undefined) continue;
    const before = found[key];
    found[key] = before === undefined || before === message ? message : `${before}. ${message}`;
  }
  return found;
}

/** What the rules say about the draft without asking anybody. */
export function draftErrors(draft: PoolDraft, pools: readonly Pool[]): FieldErrors {
  const errors: FieldErrors = {};
  if (draft.name === "") errors.name = "A pool needs a name";
  else if (pools.some((pool) => pool.name === draft.name)) errors.name = `${draft.name} exists already`;
  if (draft.cidr === "") errors.cidr = "IPPool CIDR must be specified";
  return errors;
}
