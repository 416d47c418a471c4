import { METADATA_ANNOTATION, viewMetadata } from "../../calico/metadata.ts";
import type { FieldError } from "../../contract/problem.ts";
import type { PoolDraft, PoolDraftSpec } from "../../ipam/pool-draft.ts";

export interface ReadDraft {
  /** Null when there are errors. */
  readonly draft: PoolDraft | null;
  /** The name as far as there is one, for the result. */
  readonly name: string | null;
  readonly errors: readonly FieldError[];
  /** What was left out although it was written. */
  readonly warnings: readonly string[];
}

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

const apiVersions = ["projectcalico.org/v3", "crd.projectcalico.org/v1"];
/** What the API server sets and an exported object carries: left out with a word. */
const serverSet = ["uid", "creationTimestamp", "generation", "managedFields", "selfLink"];
const bookkeeping = [METADATA_ANNOTATION, "kubectl.kubernetes.io/last-applied-configuration"];

/** Takes a document apart. Fields that Calico does not know and values of the wrong type are errors; `null` is as good as absent. */
export function readPoolDocument(document: Readonly<Record<string, unknown>>): ReadDraft {
  const errors: FieldError[] = [];
  const wrong = (field: string, message: string) => void errors.push({ field, message });
  const { apiVersion, kind, metadata, spec, status, ...others } = document;
  for (const field of Object.keys(others)) wrong(field, "is not a field of an IPPool");
  if (!apiVersions.includes(String(apiVersion))) wrong("apiVersion", `must be ${apiVersions.join(" or ")}`);
  if (kind !== "IPPool") wrong("kind", "must be IPPool");

  const warnings =
    status === undefined || status === null ? [] : ["status is left out: the cluster writes it"];
  const head = readMetadata(metadata, wrong, warnings);
  const body = readSpec(spec, wrong);
  const draft = errors.length === 0 && head ? { ...head, spec: body } : null;
  return { draft, name: head?.name || null, errors, warnings };
}

type Wrong = (field: string, message: string) => void;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readMetadata(metadata: unknown, wrong: Wrong, warnings: string[]): Omit<PoolDraft, "spec"> | null {
  if (!isObject(metadata)) {
    wrong("metadata", "must be an object with a name");
    return null;
  }
  const { name, labels, annotations, ...others } = metadata;
  for (const [field, value] of Object.entries(others)) {
    if (value === null || value === undefined) continue;
    if (serverSet.includes(field)) warnings.push(`metadata.${field} is left out: the cluster writes it`);
    else if (field === "resourceVersion") wrong("metadata.resourceVersion", "must not be set when creating");
    else if (field === "generateName")
      wrong("metadata.generateName", "is not supported: give the pool a name");
    else wrong(`metadata.${field}`, "cannot be set here");
  }
  for (const [field, map] of Object.entries({ labels, annotations })) {
    if (map === undefined || map === null) continue;
    if (!isObject(map)) wrong(`metadata.${field}`, "must be a map of text to text");
    else {
      for (const [key, value] of Object.entries(map)) {
        if (typeof value !== "string") wrong(`metadata.${field}.${key}`, "must be text; put it in quotes");
      }
    }
  }
  if (name !== undefined && name !== null && typeof name !== "string")
    wrong("metadata.name", "must be text; put it in quotes");
  // An exported v1 object hides its labels in an annotation: they are meant, the annotation itself is not.
  const view = viewMetadata({ metadata });
  const kept = Object.entries(view.annotations).filter(([key]) => !bookkeeping.includes(key));
  return {
    name: typeof name === "string" ? name : "",
    labels: view.labels,
    annotations: Object.fromEntries(kept),
  };
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
