import { ManifestError, readDocuments } from "@/lib/contract/manifest.ts";
import type { FieldError, Problem } from "@/lib/contract/problem.ts";
import { readNamespace, updateNamespace } from "@/lib/queries/namespaces.ts";
import { ProblemError, toProblemError } from "@/lib/queries/problem-error.ts";
import type { DocumentResult } from "../manifest/document-results.tsx";
import { mayHaveHappened } from "../pools/outcome-unknown.ts";
import { readAssignment } from "./assignment-document.ts";
import { isAssigned } from "./pool-choice.ts";

interface Options {
  readonly dryRun: boolean;
  readonly onError: "stop" | "continue";
}

/** Document by document: each Namespace is read, and its pools annotations are set by a write of its own. Throws ProblemError when no document can be read. */
export async function assignFromManifest(
  text: string,
  { dryRun, onError }: Options,
): Promise<{ results: DocumentResult[] }> {
  const results: DocumentResult[] = [];
  let stopped = false;
  for (const [index, { value, name, errors }] of documentsOf(text).entries()) {
    const result: DocumentResult = stopped
      ? { index, name, outcome: "skipped" }
      : value === null
        ? { index, name, outcome: "refused", problem: wrongFields(errors) }
        : { ...(await assignOne(value, dryRun)), index };
    results.push(result);
    if (result.outcome === "refused" || result.outcome === "unknown") stopped = onError === "stop";
  }
  return { results };
}

function documentsOf(text: string) {
  try {
    return readDocuments(text);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new ProblemError(
      wrongFields(error.errors.length > 0 ? error.errors : [{ field: "", message: error.message }]),
    );
  }
}

async function assignOne(
  value: Readonly<Record<string, unknown>>,
  dryRun: boolean,
): Promise<Omit<DocumentResult, "index">> {
  const { name, pools, errors, ignored } = readAssignment(value);
  const left = ignored.length === 0 ? [] : [`Not written: ${ignored.join(", ")}`];
  const refuse = (problem: Problem) => ({ name, outcome: "refused" as const, problem, warnings: left });
  if (name === null || errors.length > 0) return refuse(wrongFields(errors));
  try {
    const namespace = await readNamespace(name);
    if (namespace === null)
      return refuse(wrongFields([{ field: "metadata.name", message: `There is no namespace ${name}` }]));
    const { uid, resourceVersion } = namespace;
    const patch = { uid, resourceVersion, ...pools };
    if (isAssigned(namespace, patch)) return { name, outcome: "unchanged", warnings: left };
    const { warnings = [] } = await inTurn(() => updateNamespace(name, patch, dryRun));
    return { name, outcome: dryRun ? "valid" : "changed", warnings: [...left, ...warnings] };
  } catch (error) {
    const { problem } = toProblemError(error);
    if (!dryRun && mayHaveHappened(problem)) return { name, outcome: "unknown", problem, warnings: left };
    return refuse(problem);
  }
}

/** Many documents are many writes: one that came too soon was not looked at, and is sent again when the server takes more. */
async function inTurn<Answer>(send: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      if (toProblemError(error).problem.code !== "rate-limited" || attempt === 10) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

/** A refusal of our own, in the shape of the server's. */
function wrongFields(errors: readonly FieldError[]): Problem {
  return {
    type: "about:blank",
    title: "Some fields are wrong",
    status: 422,
    code: "invalid-fields",
    detail: errors.map(({ field, message }) => `${field} ${message}`.trim()).join("; "),
    requestId: "",
    errors: [...errors],
  };
}
