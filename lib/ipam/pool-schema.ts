import { type CrdLevel, poolCelErrors } from "./pool-cel.ts";
import { type FilledSpec, type PoolRule, readWrittenCidr } from "./pool-draft.ts";

/** One cause of a 422 of the API server. */
export interface ApiCause {
  readonly rule: PoolRule;
  /** The field a person has to change. */
  readonly concerns: string;
  /** As the API server prints it, its own field included. */
  readonly text: string;
  /** The part of `text` that says what is wrong. */
  readonly message: string;
}

/** The IPPool schema, without CEL. Types are taken as right. Source: …/libcalico-go/config/crd/crd.projectcalico.org_ippools.yaml */
export function poolSchemaErrors(spec: FilledSpec, level: CrdLevel): ApiCause[] {
  return [
    ...useErrors(spec.allowedUses),
    ...enumErrors("assignment-mode", "assignmentMode", spec.assignmentMode, ["Automatic", "Manual"]),
    ...blockSizeErrors(spec.blockSize),
    ...cidrErrors(spec.cidr),
    ...enumErrors("encapsulation-mode", "ipipMode", spec.ipipMode, MODES),
    ...(level === "next"
      ? [
          ...lengthErrors("namespaceSelector", spec.namespaceSelector ?? ""),
          ...lengthErrors("nodeSelector", spec.nodeSelector),
        ]
      : []),
    ...enumErrors("encapsulation-mode", "vxlanMode", spec.vxlanMode, MODES),
  ];
}

const MODES = ["Never", "Always", "CrossSubnet"];
const LONGEST_SELECTOR = 1024;
const MOST_USES = 10;

/**
 * All causes that the API server reports, in its order: schema, then CEL. After a schema error that leaves a value unusable it
 * evaluates no CEL and says so.
 * Source: kubernetes apiextensions-apiserver pkg/registry/customresource/strategy.go hasBlockingErr
 */
export function apiServerCauses(spec: FilledSpec, old: FilledSpec | null, level: CrdLevel): string[] {
  const schema = poolSchemaErrors(spec, level).map(({ text }) => text);
  if (schema.some((text) => /: (Unsupported value|Too long|Too many)\b/.test(text)))
    return [...schema, NOT_CHECKED];
  const cel = poolCelErrors({ ...spec }, old === null ? null : { ...old }, level);
  return [
    ...schema,
    ...cel.map(
      ({ field, kind, message }) =>
        `${field}: ${kind === "Invalid" ? "Invalid value" : "Forbidden"}: ${message}`,
    ),
  ];
}

const NOT_CHECKED =
  "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

function cause(rule: PoolRule, field: string, kind: string, message: string, concerns = field): ApiCause {
  return { rule, concerns: `spec.${concerns}`, text: `spec.${field}: ${kind}: ${message}`, message };
}

function enumErrors(
  rule: PoolRule,
  field: string,
  value: string,
  allowed: readonly string[],
  concerns = field,
): ApiCause[] {
  if (allowed.includes(value)) return [];
  const supported = allowed.map((one) => JSON.stringify(one)).join(", ");
  return [
    cause(
      rule,
      field,
      "Unsupported value",
      `${JSON.stringify(value)}: supported values: ${supported}`,
      concerns,
    ),
  ];
}

function useErrors(uses: readonly string[]): ApiCause[] {
  const unknown = uses.flatMap((use, at) =>
    enumErrors(
      "allowed-uses",
      `allowedUses[${at}]`,
      use,
      ["Workload", "Tunnel", "LoadBalancer"],
      "allowedUses",
    ),
  );
  const doubled = uses.flatMap((use, at) =>
    uses.indexOf(use) < at
      ? [cause("allowed-uses", `allowedUses[${at}]`, "Duplicate value", JSON.stringify(use), "allowedUses")]
      : [],
  );
  const many =
    uses.length > MOST_USES
      ? [
          cause(
            "allowed-uses",
            "allowedUses",
            "Too many",
            `${uses.length}: must have at most ${MOST_USES} items`,
          ),
        ]
      : [];
  return [...many, ...unknown, ...doubled];
}

function blockSizeErrors(size: number): ApiCause[] {
  if (size >= 0 && size <= 128) return [];
  const bound = size < 0 ? "greater than or equal to 0" : "less than or equal to 128";
  return [
    cause(
      "block-size-bounds",
      "blockSize",
      "Invalid value",
      `${size}: spec.blockSize in body should be ${bound}`,
    ),
  ];
}

function cidrErrors(text: string): ApiCause[] {
  if (readWrittenCidr(text) !== null) return [];
  const quoted = JSON.stringify(text);
  return [
    cause(
      "cidr-format",
      "cidr",
      "Invalid value",
      `${quoted}: spec.cidr in body must be of type cidr: ${quoted}`,
    ),
  ];
}

function lengthErrors(field: string, value: string): ApiCause[] {
  if ([...value].length <= LONGEST_SELECTOR) return [];
  return [cause("selector-length", field, "Too long", `may not be more than ${LONGEST_SELECTOR} bytes`)];
}
