import type { NamespacePatch } from "@/lib/contract/namespaces.ts";
import type { FieldError } from "@/lib/contract/problem.ts";
import { decodeStringList } from "@/lib/ipam/go-json.ts";

/** What a Namespace document says about the pools of its pods; `null` takes an annotation away, absent leaves it alone. */
export interface AssignmentDocument {
  readonly name: string | null;
  readonly pools: Pick<NamespacePatch, "ipv4pools" | "ipv6pools">;
  readonly errors: readonly FieldError[];
  /** What stands there besides, and is not written. */
  readonly ignored: readonly string[];
}

const prefix = "cni.projectcalico.org/";
const families = ["ipv4pools", "ipv6pools"] as const;

/** Takes a Namespace document apart. Only its two pools annotations are looked at; everything else is named and left alone. */
export function readAssignment(document: Readonly<Record<string, unknown>>): AssignmentDocument {
  const errors: FieldError[] = [];
  const wrong = (field: string, message: string) => void errors.push({ field, message });
  const { apiVersion, kind, metadata, ...others } = document;
  if (apiVersion !== "v1") wrong("apiVersion", "must be v1");
  if (kind !== "Namespace") wrong("kind", "must be Namespace");
  const ignored = Object.keys(others);
  if (!isMap(metadata)) {
    wrong("metadata", "must be an object with a name");
    return { name: null, pools: {}, errors, ignored };
  }
  const { name, annotations, ...rest } = metadata;
  ignored.push(...Object.keys(rest).map((key) => `metadata.${key}`));
  if (typeof name !== "string" || name === "") wrong("metadata.name", "must be the name of a namespace");
  const pools: Record<string, string[] | null> = {};
  for (const [key, value] of Object.entries(isMap(annotations) ? annotations : {})) {
    const field = families.find((each) => key === prefix + each);
    if (field === undefined) ignored.push(`metadata.annotations.${key}`);
    else {
      const read = readList(value);
      if ("problem" in read) wrong(`metadata.annotations.${key}`, read.problem);
      else pools[field] = read.pools;
    }
  }
  if (errors.length === 0 && Object.keys(pools).length === 0)
    wrong("metadata.annotations", `has neither ${prefix}ipv4pools nor ${prefix}ipv6pools`);
  return { name: typeof name === "string" ? name : null, pools, errors, ignored };
}

/** The annotation's value as the CNI plugin decodes it; empty or null: to be taken away. */
function readList(value: unknown): { pools: string[] | null } | { problem: string } {
  if (value === null || value === "") return { pools: null };
  if (typeof value !== "string") return { problem: "must be text: put the list in quotes" };
  const decoded = decodeStringList(value);
  return decoded.ok
    ? { pools: [...decoded.values] }
    : { problem: `is not a JSON list of texts: ${decoded.error}` };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
