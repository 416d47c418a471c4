import { type CrdLevel, poolCelErrors } from "../../../ipam/pool-cel.ts";
import { memberSchema, type Schema } from "../../schema/schema.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import type { Strategy } from "../resource-type.ts";
import type { Cause } from "../status.ts";
import { spec } from "./shared.ts";

/** The CEL rules that Calico's definitions carry; no others are evaluated in this cluster. */
export function calicoRules(group: string, plural: string, schema: Schema): Strategy {
  if (!["crd.projectcalico.org", "projectcalico.org"].includes(group) || plural !== "ippools") return {};
  const level = poolLevel(schema);
  return { rules: (pool, old) => poolCauses(pool, old, level) };
}

/** Definitions from v3.33 on bound the length of selectors; those before do not. */
function poolLevel(schema: Schema): CrdLevel {
  const selector = memberSchema(memberSchema(schema, "spec"), "nodeSelector");
  return selector?.maxLength === undefined ? "v3.32" : "next";
}

function poolCauses(pool: KubeObject, old: KubeObject | null, level: CrdLevel): Cause[] {
  if (pool["spec"] === undefined) return [];
  const causes = poolCelErrors(spec(pool), old === null ? null : spec(old), level);
  return causes.map(({ field, kind, message, rule }) => ({
    reason: `FieldValue${kind}`,
    message: `${kind === "Invalid" ? "Invalid value" : "Forbidden"}: ${shown(pool, field, rule)}${message}`,
    field,
  }));
}

/** What the API server puts before a rule's message: the value of a single field, or where a rule stopped with an error. */
function shown(pool: KubeObject, field: string, rule: string): string {
  if (rule === "cidr-format") return '"object": network address parse error during conversion from string: ';
  if (field === "spec") return "";
  return `${JSON.stringify(spec(pool)[field.slice("spec.".length)])}: `;
}
