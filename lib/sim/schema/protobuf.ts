import { type Json, type JsonObject, setKey } from "../store/json.ts";
import { type Field, fields, type Schema } from "./schema.ts";

export class ProtobufError extends Error {
  override readonly name = "ProtobufError";
}

/** What a protobuf body carries before its content: which kind the content is. */
export interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly content: Uint8Array;
}

const magic = [0x6b, 0x38, 0x73, 0x00]; // "k8s\0"

/**
 * Opens a body of type application/vnd.kubernetes.protobuf.
 * Source: kubernetes/apimachinery pkg/runtime/generated.proto Unknown, TypeMeta
 * @throws ProtobufError
 */
export function openEnvelope(body: Uint8Array): Envelope {
  if (!magic.every((byte, index) => body[index] === byte)) {
    throw new ProtobufError("the body does not start with the Kubernetes protobuf prefix");
  }
  const members = new Map(
    [...readFields(body.subarray(magic.length))].map((field) => [field.number, field.bytes]),
  );
  const type = new Map([...readFields(members.get(1) ?? empty)].map((field) => [field.number, field.bytes]));
  return {
    apiVersion: utf8(type.get(1) ?? empty),
    kind: utf8(type.get(2) ?? empty),
    content: members.get(2) ?? empty,
  };
}

/**
 * Reads a message as the JSON object it stands for. Numbers the schema does not know are skipped; zeros are dropped, as
 * Go drops them from JSON, except where the schema says that a zero is meant.
 * @throws ProtobufError for bytes that are no message
 */
export function decodeMessage(schema: Schema, bytes: Uint8Array): JsonObject {
  const result: JsonObject = {};
  readInto(result, schema[fields] ?? [], bytes, 0);
  return result;
}

/** `inside` is the number of the inlined message being read, 0 for the message itself. */
function readInto(result: JsonObject, known: readonly Field[], bytes: Uint8Array, inside: number): void {
  for (const wire of readFields(bytes)) {
    const field = known.find(({ number }) =>
      typeof number === "number"
        ? inside === 0 && number === wire.number
        : inside !== 0 && number[0] === inside && number[1] === wire.number,
    );
    if (field !== undefined) {
      add(result, field, wire);
    } else if (
      inside === 0 &&
      known.some(({ number }) => typeof number !== "number" && number[0] === wire.number)
    ) {
      readInto(result, known, wire.bytes, wire.number);
    }
  }
}

function add(result: JsonObject, { name, schema, keepsZero }: Field, wire: WireField): void {
  if (schema.type === "array") {
    const items = schema.items ?? {};
    const before = result[name];
    const list = Array.isArray(before) ? before : [];
    list.push(...(isNumeric(items) && wire.type === 2 ? packed(wire.bytes) : [valueOf(items, wire)]));
    result[name] = list;
  } else if (schema.additionalProperties !== undefined) {
    const before = result[name];
    const map = typeof before === "object" && before !== null && !Array.isArray(before) ? before : {};
    const entry = new Map([...readFields(wire.bytes)].map((field) => [field.number, field]));
    const values = typeof schema.additionalProperties === "object" ? schema.additionalProperties : {};
    const value = entry.get(2);
    setKey(map, utf8(entry.get(1)?.bytes ?? empty), value === undefined ? "" : valueOf(values, value));
    result[name] = map;
  } else {
    const value = valueOf(schema, wire);
    if (value === null || (!keepsZero && (value === 0 || value === "" || value === false))) return;
    result[name] = value;
  }
}

function isNumeric(schema: Schema): boolean {
  return schema.type === "integer" || schema.type === "boolean";
}

function valueOf(schema: Schema, wire: WireField): Json {
  if (schema.format === "quantity") return utf8(first(wire.bytes)?.bytes ?? empty);
  if (schema["x-kubernetes-int-or-string"] === true) return intOrText(wire.bytes);
  if (schema.format === "date-time") return moment(wire.bytes, 0);
  if (schema.format === "micro-time") return moment(wire.bytes, 6);
  switch (schema.type) {
    case "boolean":
      return wire.value !== 0n;
    case "integer":
      return fromVarint(wire.value);
    case "object":
      return decodeMessage(schema, wire.bytes);
    default:
      return schema.format === "byte" ? Buffer.from(wire.bytes).toString("base64") : utf8(wire.bytes);
  }
}

/** Source: kubernetes/apimachinery pkg/util/intstr/generated.proto */
function intOrText(bytes: Uint8Array): Json {
  const parts = new Map([...readFields(bytes)].map((field) => [field.number, field]));
  return (parts.get(1)?.value ?? 0n) === 0n
    ? fromVarint(parts.get(2)?.value ?? 0n)
    : utf8(parts.get(3)?.bytes ?? empty);
}

/** Seconds and nanoseconds since 1970 as RFC 3339; null for the zero time. */
function moment(bytes: Uint8Array, digits: number): string | null {
  const parts = new Map([...readFields(bytes)].map((field) => [field.number, field.value]));
  if (parts.size === 0) return null;
  const seconds = Number(BigInt.asIntN(64, parts.get(1) ?? 0n));
  const micros = Math.floor(Number(parts.get(2) ?? 0n) / 1000);
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) throw new ProtobufError("a time is out of range");
  const whole = date.toISOString().slice(0, 19);
  return digits === 0 ? `${whole}Z` : `${whole}.${String(micros).padStart(6, "0")}Z`;
}

function fromVarint(value: bigint): number | bigint {
  const signed = BigInt.asIntN(64, value);
  const number = Number(signed);
  return Number.isSafeInteger(number) ? number : signed;
}

function packed(bytes: Uint8Array): Json[] {
  const values: Json[] = [];
  const reader = { bytes, at: 0 };
  while (reader.at < bytes.length) values.push(fromVarint(varint(reader)));
  return values;
}

interface WireField {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes. */
  readonly type: number;
  readonly value: bigint;
  readonly bytes: Uint8Array;
}

const empty = new Uint8Array(0);

function first(bytes: Uint8Array): WireField | undefined {
  for (const field of readFields(bytes)) return field;
  return undefined;
}

function* readFields(bytes: Uint8Array): Iterable<WireField> {
  const reader = { bytes, at: 0 };
  while (reader.at < bytes.length) {
    const tag = Number(varint(reader));
    const [number, type] = [tag >>> 3, tag & 7];
    if (type === 0) {
      yield { number, type, value: varint(reader), bytes: empty };
      continue;
    }
    const length = type === 2 ? Number(varint(reader)) : type === 1 ? 8 : type === 5 ? 4 : -1;
    if (length < 0 || reader.at + length > bytes.length) throw new ProtobufError("the message is cut short");
    yield { number, type, value: 0n, bytes: bytes.subarray(reader.at, reader.at + length) };
    reader.at += length;
  }
}

function varint(reader: { readonly bytes: Uint8Array; at: number }): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.bytes[reader.at];
    if (byte === undefined) break;
    reader.at += 1;
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return value;
  }
  throw new ProtobufError("a number is cut short");
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function utf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new ProtobufError("a text is not UTF-8");
  }
}
