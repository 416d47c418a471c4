import type { PoolDraft, PoolDraftSpec } from "../../ipam/pool-draft.ts";
import { isObject, type ReadDocument, readHead, type Wrong } from "./document-head.ts";

type Type = "text" | "boolean" | "whole number" | "list of text";

const specFields: Readonly<Record<keyof PoolDraftSpec, Type>> = {
  cidr: "text",
  blockSize: "whole number",
  ipipMode: "text",
  vxlanMode: "text",
  natOutgoing: "boolean",
  disabled: "boolean",
  disableBGPExport: "boolean",
  nodeSelector: "text",
  namespaceSelector: "text",
  allowedUses: "list of text",
  assignmentMode: "text",
};

const isType: Readonly<Record<Type, (value: unknown) => boolean>> = {
  text: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  "whole number": (value) => Number.isSafeInteger(value),
  "list of text": (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
};

/** Takes a document apart. Fields that Calico does not know and values of the wrong type are errors; `null` is as good as absent. */
export function readPoolDocument(document: Readonly<Record<string, unknown>>): ReadDocument<PoolDraft> {
  const { head, spec, errors, warnings } = readHead(document, "IPPool", "pool");
  const body = readSpec(spec, (field, message) => void errors.push({ field, message }));
  const draft = errors.length === 0 && head ? { ...head, spec: body } : null;
  return { draft, name: head?.name || null, errors, warnings };
}

function readSpec(spec: unknown, wrong: Wrong): PoolDraftSpec {
  if (!isObject(spec)) {
    wrong("spec", "must be an object with a cidr");
    return {};
  }
  const read: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(spec)) {
    if (!Object.hasOwn(specFields, field)) wrong(`spec.${field}`, "is not a field of an IPPool");
    else if (value !== null) {
      const type = specFields[field as keyof PoolDraftSpec];
      if (isType[type](value)) read[field] = value;
      else wrong(`spec.${field}`, `must be a ${type}`);
    }
  }
  return read;
}
