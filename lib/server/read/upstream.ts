import { ApiError, CredentialError, InvalidNameError, UnreachableError } from "../../kube/errors.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import { ReadError } from "./read-error.ts";

/**
 * Asks the API server on behalf of one viewer. Its refusals become ours: 404, 403 with the permission that is missing, 504
 * when it does not answer in time, 502 for anything else.
 */
export async function ask<Answer>(
  verb: "get" | "list",
  resource: ResourceRef,
  question: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await question();
  } catch (error) {
    throw translate(error, verb, resource);
  }
}

function translate(error: unknown, verb: string, { group, plural }: ResourceRef): unknown {
  const words = group === "" ? plural : `${plural}.${group}`;
  if (error instanceof ApiError && error.status === 404) {
    return new ReadError({
      status: 404,
      code: "not-found",
      detail: `The cluster has no such object among ${words}.`,
    });
  }
  if (error instanceof ApiError && error.status === 403) {
    const permission = { verb, group, resource: plural };
    return new ReadError({
      status: 403,
      code: "forbidden",
      detail: `Poolboard may not ${verb} ${words}.`,
      permission,
    });
  }
  if (error instanceof ApiError) {
    return new ReadError({
      status: 502,
      code: "upstream",
      detail: `The API server refused to ${verb} ${words}: ${error.message}.`,
    });
  }
  if (error instanceof UnreachableError) {
    const status = error.why === "timeout" ? 504 : 502;
    return new ReadError({
      status,
      code: "upstream",
      detail: `The API server did not answer: ${error.message}.`,
    });
  }
  if (error instanceof CredentialError || error instanceof InvalidNameError) {
    return new ReadError({
      status: 502,
      code: "upstream",
      detail: `The API server was not asked: ${error.message}.`,
    });
  }
  return error;
}
