import { type ManifestDocument, ManifestError, readDocuments } from "../../contract/manifest.ts";
import { ProblemError } from "../problem.ts";

/** The documents of a YAML text. Throws ProblemError 400 when none can be read as YAML, 422 when there is none or too many. */
export function readManifest(text: string): ManifestDocument[] {
  try {
    return readDocuments(text);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    const { syntax, message, errors } = error;
    throw new ProblemError(
      syntax ? "invalid-yaml" : "invalid-fields",
      message,
      errors.length > 0 ? { errors } : {},
    );
  }
}
