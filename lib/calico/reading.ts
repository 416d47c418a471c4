import { AddressError } from "../ipam/address.ts";
import { type Cidr, formatCidr, parseCidr } from "../ipam/cidr.ts";

/**
 * What became of a cluster object. `value` is null when nothing useful can be said about it; `oddities` are sentences for
 * people, one per thing that is not as Calico writes it. Parsers never throw.
 */
export interface Parsed<T> {
  readonly value: T | null;
  readonly oddities: readonly string[];
}

export type RawRecord = Readonly<Record<string, unknown>>;

const nothing: RawRecord = Object.freeze({});

export function isRecord(value: unknown): value is RawRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object, or an empty one when it is none. */
export function record(value: unknown): RawRecord {
  return isRecord(value) ? value : nothing;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text, or null when it is absent, empty or not a text. */
export function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** A value in a sentence: quoted text, or JSON, cut to a readable length. */
export function show(value: unknown): string {
  const shown =
    JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? Number(part) : part)) ??
    "nothing";
  return shown.length > 80 ? `${shown.slice(0, 77)}…` : shown;
}

/** `deleted` in all its spellings: v1 affinities hold the text "true" or "false". */
export function isDeleted(value: unknown): boolean {
  return value === true || value === "true";
}

/** An RFC 3339 time. */
export function isTime(value: unknown): value is string {
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
}

/** Text → text; whatever else is in it is dropped and told. Null reads as empty. */
export function textMap(
  value: unknown,
  name: string,
  tell: (oddity: string) => void,
): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) {
    tell(`${name} is ${show(value)}, not a map: read as empty`);
    return {};
  }
  if (holdsOnlyTexts(value)) return value;
  const entries = Object.entries(value);
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  if (texts.length < entries.length) tell(`${name} holds values that are not text: left out`);
  return Object.fromEntries(texts);
}

/** As an API server has it: then the map is taken as it is, which matters where there is one for every address. */
function holdsOnlyTexts(value: RawRecord): value is Readonly<Record<string, string>> {
  for (const key in value) if (typeof value[key] !== "string") return false;
  return true;
}

/** A CIDR as Calico's own reader takes it: host bits are cleared (and told); null (and told) when it is none. */
export function readCidr(value: unknown, name: string, tell: (oddity: string) => void): Cidr | null {
  if (typeof value !== "string" || value === "") {
    tell(`${name} is ${value === undefined ? "missing" : show(value)}`);
    return null;
  }
  try {
    const { cidr, masked } = parseCidr(value);
    if (!masked) tell(`${name} ${show(value)} has host bits set: read as ${formatCidr(cidr)}`);
    return cidr;
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    tell(`${name}: ${error.message}`);
    return null;
  }
}
