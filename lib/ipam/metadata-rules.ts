import type { PoolDraft, PoolProblem } from "./pool-draft.ts";

const NAME_PART = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

/** Bytes of all annotation keys and values together. */
const MOST_ANNOTATION_BYTES = 256 * 1024;

/**
 * Kubernetes' rules for labels and annotations.
 * Source: kubernetes apimachinery pkg/util/validation/validation.go IsQualifiedName, IsValidLabelValue; pkg/api/validation/objectmeta.go
 */
export function metadataErrors({
  labels,
  annotations,
}: Pick<PoolDraft, "labels" | "annotations">): PoolProblem[] {
  const problems: PoolProblem[] = [];
  for (const [key, value] of Object.entries(labels)) {
    const field = `metadata.labels.${key}`;
    const keyProblem = qualifiedNameProblem(key);
    if (keyProblem !== null) problems.push({ rule: "labels", field, message: keyProblem });
    if (value.length > 63)
      problems.push({ rule: "labels", field, message: "value must be no more than 63 characters" });
    else if (!LABEL_VALUE.test(value)) {
      const message =
        "value must consist of alphanumeric characters, '-', '_' or '.', and begin and end with an alphanumeric one";
      problems.push({ rule: "labels", field, message });
    }
  }
  const encoder = new TextEncoder();
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    const keyProblem = qualifiedNameProblem(key.toLowerCase());
    if (keyProblem !== null)
      problems.push({ rule: "annotations", field: `metadata.annotations.${key}`, message: keyProblem });
    bytes += encoder.encode(key).length + encoder.encode(value).length;
  }
  if (bytes > MOST_ANNOTATION_BYTES) {
    const message = `total size of annotations is too large by ${bytes - MOST_ANNOTATION_BYTES} bytes`;
    problems.push({ rule: "annotations", field: "metadata.annotations", message });
  }
  return problems;
}

/** Why a text is no `[prefix/]name`; null when it is one. */
function qualifiedNameProblem(key: string): string | null {
  const parts = key.split("/");
  const name = parts.at(-1) ?? "";
  const prefix = parts.length > 1 ? parts[0] : undefined;
  if (parts.length > 2) return "key holds more than one '/'";
  if (prefix !== undefined && (prefix.length > 253 || !SUBDOMAIN.test(prefix)))
    return "part before the '/' must be a DNS subdomain";
  if (name.length > 63) return "name must be no more than 63 characters";
  if (NAME_PART.test(name)) return null;
  return "name must consist of alphanumeric characters, '-', '_' or '.', and begin and end with an alphanumeric one";
}
