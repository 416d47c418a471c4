import type { JsonObject } from "../store/json.ts";
import { type Cause, invalidValue, quote } from "./status.ts";

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomain = `${label}(\\.${label})*`;
const labelPattern = new RegExp(`^${label}$`);
const subdomainPattern = new RegExp(`^${subdomain}$`);
const qualifiedName = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const qualifiedNamePattern = new RegExp(`^${qualifiedName}$`);
const labelValuePattern = new RegExp(`^(${qualifiedName})?$`);

/** Texts of the name rules. Source: kubernetes/apimachinery pkg/util/validation/validation.go */
export function subdomainRule(name: string): string {
  if (name.length > 253) return "must be no more than 253 characters";
  return subdomainPattern.test(name)
    ? ""
    : `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`;
}

export function labelRule(name: string): string {
  if (name.length > 63) return "must be no more than 63 characters";
  if (!labelPattern.test(name) && subdomainPattern.test(name)) return "must not contain dots";
  return labelPattern.test(name)
    ? ""
    : `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`;
}

const qualifiedText = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualifiedName}')`;
const labelValueText = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${qualifiedName})?')`;

export function qualifiedNameRules(key: string): string[] {
  const parts = key.split("/");
  if (parts.length > 2) {
    return [
      `a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualifiedName}') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = parts.at(-1) ?? "";
  const found: string[] = [];
  if (parts.length === 2) {
    const prefix = parts[0] ?? "";
    if (prefix === "") found.push("prefix part must be non-empty");
    else if (subdomainRule(prefix) !== "") found.push(`prefix part ${subdomainRule(prefix)}`);
  }
  if (name === "") found.push("name part must be non-empty");
  else if (name.length > 63) found.push("name part must be no more than 63 bytes");
  if (!qualifiedNamePattern.test(name)) found.push(qualifiedText);
  return found;
}

export function labelValueRule(value: string): string {
  if (value.length > 63) return "must be no more than 63 bytes";
  return labelValuePattern.test(value) ? "" : labelValueText;
}

export function labelCauses(labels: JsonObject | undefined, field: string): Cause[] {
  const causes: Cause[] = [];
  for (const [key, value] of Object.entries(labels ?? {})) {
    for (const rule of qualifiedNameRules(key)) causes.push(invalidValue(field, quote(key), rule));
    const rule = labelValueRule(String(value));
    if (rule !== "") causes.push(invalidValue(field, quote(String(value)), rule));
  }
  return causes;
}

export function annotationCauses(annotations: JsonObject | undefined, field: string): Cause[] {
  const causes: Cause[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    for (const rule of qualifiedNameRules(key.toLowerCase()))
      causes.push(invalidValue(field, quote(key), rule));
    size += Buffer.byteLength(key) + Buffer.byteLength(String(value));
  }
  if (size > 256 * 1024) {
    causes.push({
      reason: "FieldValueTooLong",
      message: "Too long: may not be more than 262144 bytes",
      field,
    });
  }
  return causes;
}
