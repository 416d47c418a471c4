import type { FieldError } from "../../contract/problem.ts";
import { concernedField } from "../../ipam/pool-messages.ts";
import type { ApiError } from "../../kube/errors.ts";

/**
 * The fields that a refusal of a pool concerns. Rules of the CRD name no more than `spec`, and Calico's API server names fields
 * as its Go code does; the message tells which rule it is. Admission by others (webhooks, policies) concerns the whole.
 */
export function refusedFields({ message, details }: ApiError): FieldError[] {
  if (details.causes.length === 0) return [{ field: "", message: byOthers(message) }];
  return details.causes.map((cause) => ({
    field: concernedField(cause.field, cause.message),
    message: cause.message,
  }));
}

/** "admission webhook "x" denied the request: …" is said as it is; a policy's text has the object's name in front. */
function byOthers(message: string): string {
  const policy = /ValidatingAdmissionPolicy '.*$/s.exec(message)?.[0];
  return policy ?? message;
}
