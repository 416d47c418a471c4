import type { Pool } from "@/lib/contract/pools.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import type { PoolContext } from "@/lib/ipam/pool-rules.ts";
import { validatePool } from "@/lib/ipam/pool-rules.ts";
import { draftDocument, type PoolDraft, readCidr } from "./pool-draft.ts";

/** What is wrong with which field of the form, one line each. */
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

/** Whether the form has a field for everything that a refusal names, so that nothing is left to say beside it. */
export function isAllByField({ errors = [] }: Problem): boolean {
  return errors.length > 0 && errors.every(({ field }) => keyOf(field) !== undefined);
}

/** The field of the form for a path, which may go on into a list: `spec.allowedUses[1]`. */
function keyOf(field: string): keyof PoolDraft | undefined {
  const path = field.replace(/[[.]\d+\]?$/, "");
  return fieldOf[path] ?? fieldOf[`spec.${path}`];
}

/** Errors with paths such as `spec.cidr`, or `cidr` in the body of a change, by field of the form. */
export function byField(
  errors: readonly { readonly field: string; readonly message: string }[],
): FieldErrors {
  const found: FieldErrors = {};
  for (const { field, message } of errors) {
    const key = keyOf(field);
    const line = message.replace(/^is /, "Is ");
    if (key === undefined || found[key]?.includes(line)) continue;
    found[key] = found[key] === undefined ? line : `${found[key]}\n${line}`;
  }
  return found;
}

/** What the rules say about the draft without asking anybody; `calicoVersion` decides whose words they use. */
export function draftErrors(
  draft: PoolDraft,
  pools: readonly Pool[],
  calicoVersion: string | null,
): FieldErrors {
  const { metadata, spec } = draftDocument(draft);
  const { blockSize, ...rest } = spec;
  const number = typeof blockSize === "number" ? { blockSize } : {};
  const problems = validatePool(
    { name: metadata.name, labels: {}, annotations: {}, spec: { ...rest, ...number } },
    contextOf(pools, calicoVersion),
  );
  const errors = byField(problems);
  if (typeof blockSize === "string") errors.blockSize = "The block size is a whole number";
  if (draft.name === "") errors.name = "A pool needs a name";
  else if (pools.some((pool) => pool.name === draft.name)) errors.name = `${draft.name} exists already`;
  return errors;
}

/** What the rules have to know of the cluster; which blocks exist only the server knows. */
export function contextOf(pools: readonly Pool[], calicoVersion: string | null): PoolContext {
  return {
    version: isAtMost332(calicoVersion) ? "≤3.32" : "≥3.33",
    pools: pools.flatMap(({ name, cidr }) => {
      const read = readCidr(cidr);
      return read === null ? [] : [{ name, cidr: read }];
    }),
    blocks: [],
    old: null,
  };
}

function isAtMost332(version: string | null): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? "") ?? [];
  return Number(major) < 3 || (Number(major) === 3 && Number(minor) <= 32);
}
