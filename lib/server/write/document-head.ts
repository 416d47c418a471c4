import { METADATA_ANNOTATION, viewMetadata } from "../../calico/metadata.ts";
import type { FieldError } from "../../contract/problem.ts";

/** A document as it was written, or what is wrong with it. */
export interface ReadDocument<Draft> {
  /** Null when there are errors. */
  readonly draft: Draft | null;
  /** The name as far as there is one, for the result. */
  readonly name: string | null;
  readonly errors: readonly FieldError[];
  /** What was left out although it was written. */
  readonly warnings: readonly string[];
}

/** What every object of Calico's has in front of its spec. */
interface Head {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface ReadHead {
  /** Null when there is no metadata at all. */
  readonly head: Head | null;
  /** Whatever was written there. */
  readonly spec: unknown;
  readonly errors: FieldError[];
  readonly warnings: string[];
}

export type Wrong = (field: string, message: string) => void;

const apiVersions = ["projectcalico.org/v3", "crd.projectcalico.org/v1"];
/** What the API server sets and an exported object carries: left out with a word. */
const serverSet = ["uid", "creationTimestamp", "generation", "managedFields", "selfLink"];
const bookkeeping = [METADATA_ANNOTATION, "kubectl.kubernetes.io/last-applied-configuration"];

/** The kind, version and metadata of a document that is to be created; `noun` is what people call the kind. */
export function readHead(
  document: Readonly<Record<string, unknown>>,
  wanted: "IPPool" | "IPReservation",
  noun: string,
): ReadHead {
  const errors: FieldError[] = [];
  const wrong: Wrong = (field, message) => void errors.push({ field, message });
  const { apiVersion, kind, metadata, spec, status, ...others } = document;
  for (const field of Object.keys(others)) wrong(field, `is not a field of an ${wanted}`);
  if (!apiVersions.includes(String(apiVersion))) wrong("apiVersion", `must be ${apiVersions.join(" or ")}`);
  if (kind !== wanted) wrong("kind", `must be ${wanted}`);
  const warnings =
    status === undefined || status === null ? [] : ["status is left out: the cluster writes it"];
  return { head: readMetadata(metadata, noun, wrong, warnings), spec, errors, warnings };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readMetadata(metadata: unknown, noun: string, wrong: Wrong, warnings: string[]): Head | null {
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
      wrong("metadata.generateName", `is not supported: give the ${noun} a name`);
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
