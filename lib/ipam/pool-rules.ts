import { metadataErrors } from "./metadata-rules.ts";
import {
  blockConflict,
  type CalicoVersion,
  type ClientError,
  clientErrors,
  type PoolSurroundings,
} from "./pool-client-rules.ts";
import { type CrdLevel, poolCelErrors } from "./pool-cel.ts";
import { fillPoolSpec, type PoolDraft, type PoolProblem } from "./pool-draft.ts";
import { validatorErrors } from "./pool-validator-rules.ts";
import { poolSchemaErrors } from "./pool-schema.ts";
import { selectorProblem } from "./selector.ts";

export interface PoolContext extends PoolSurroundings {
  /** Whose words to use; the rules are those of both. */
  readonly version: CalicoVersion;
}

/**
 * All that any supported Calico or its CRDs would refuse about a pool: the union of the Go client of v3.32 and of later
 * releases, the schema and CEL rules of both CRDs, and Kubernetes' rules for metadata. One entry per rule and field, in the words of
 * the cluster's own version where that checks the rule. Unlike Calico it does not stop at the first layer that objects.
 */
export function validatePool(draft: PoolDraft, context: PoolContext): PoolProblem[] {
  const versions: readonly CalicoVersion[] =
    context.version === "≤3.32" ? ["≤3.32", "≥3.33"] : ["≥3.33", "≤3.32"];
  const found = new Map<string, PoolProblem>();
  const add = (problem: PoolProblem): void => {
    const key = `${problem.rule} ${problem.field}`;
    const reported = found.get(key);
    // Several pools may overlap: the same layer reports the same rule more than once.
    if (reported === undefined) found.set(key, problem);
    else if (problem.rule === "cidr-overlap" && reported.message !== problem.message)
      found.set(`${key} ${problem.message}`, problem);
  };
  const filled = fillPoolSpec(draft.spec);
  for (const version of versions) {
    const level: CrdLevel = version === "≤3.32" ? "v3.32" : "next";
    for (const error of [...clientErrors(draft, context, version), ...validatorErrors(draft, version)])
      add(inWords(error));
    const conflict = blockConflict(draft, context);
    if (conflict !== null) add(inWords(conflict));
    if (draft.spec.cidr === undefined || draft.spec.cidr === "") continue;
    for (const { rule, concerns, message } of poolSchemaErrors(filled, level))
      add({ field: concerns, message, rule });
    for (const { rule, concerns, message } of poolCelErrors(
      { ...filled },
      context.old === null ? null : { ...context.old },
      level,
    )) {
      add({ field: concerns, message, rule });
    }
  }
  return [...found.values(), ...metadataErrors(draft)];
}

/** Tags of Go's validator name no reason, and one of its texts says the opposite of what it checks. */
function inWords({ rule, field, value, reason }: ClientError): PoolProblem {
  const problem = rule === "selector" ? selectorProblem(value ?? "") : null;
  if (problem !== null) return { rule, field, message: `is not a Calico selector: ${problem}` };
  if (rule === "encapsulation-mode") return { rule, field, message: `must be Never, Always or CrossSubnet` };
  if (rule === "load-balancer-bgp")
    return { rule, field, message: "LoadBalancer IP pools cannot disable BGP export" };
  if (rule === "assignment-mode") return { rule, field, message: `must be Automatic or Manual` };
  return { rule, field, message: reason };
}
