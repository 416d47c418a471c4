import { wordOf } from "./words.ts";

/**
 * Reads the few fields that are wanted of an object that Kubernetes sends as protobuf, into the shape that its JSON has.
 * What is not in the table is stepped over: no text is made of it. Field numbers: `generated.proto` of the API group, for the
 * envelope that of k8s.io/apimachinery/pkg/runtime.
 */

/** Fields of a message by their number. */
export type Message = readonly (Field | undefined)[];

export type Field =
  | { readonly name: string; readonly is: "text" | "flag" | "number" }
  /** A text that many objects have in common: as far as it is remembered, it is one string for all of them. */
  | { readonly name: string; readonly is: "word" }
  /** A `Time` or `MicroTime`; RFC 3339 with milliseconds. */
  | { readonly name: string; readonly is: "time" }
  /** The same as a number, in milliseconds since 1970, for those that every object has: a text of it would be read again at once. */
  | { readonly name: string; readonly is: "moment" }
  /** A map of texts; only the keys that are wanted. */
  | { readonly name: string; readonly is: "texts"; readonly wants: (key: string) => boolean }
  | { readonly name: string; readonly is: "message"; readonly of: Message; readonly repeated: boolean };

/** `fields` by number. */
export function message(fields: Readonly<Record<number, Field>>): Message {
  const numbers = Object.keys(fields).map(Number);
  return Array.from({ length: Math.max(0, ...numbers) + 1 }, (_, number) => fields[number]);
}

export const text = (name: string): Field => ({ name, is: "text" });
export const word = (name: string): Field => ({ name, is: "word" });
export const flag = (name: string): Field => ({ name, is: "flag" });
const number = (name: string): Field => ({ name, is: "number" });
export const time = (name: string): Field => ({ name, is: "time" });
export const moment = (name: string): Field => ({ name, is: "moment" });
export const one = (name: string, of: Message): Field => ({ name, is: "message", of, repeated: false });
export const many = (name: string, of: Message): Field => ({ name, is: "message", of, repeated: true });
export function texts(name: string, wants: (key: string) => boolean = () => true): Field {
  return { name, is: "texts", wants };
}

/** A list of objects of one kind, as every API group has it. */
export function listOf(item: Message): Message {
  const metadata = message({
    2: text("resourceVersion"),
    3: text("continue"),
    4: number("remainingItemCount"),
  });
  return message({ 1: one("metadata", metadata), 2: many("items", item) });
}

/** The bytes are no message of that kind: garbled, cut short, or of another encoding. */
export class ProtobufError extends Error {
  override readonly name = "ProtobufError";
}

export const PROTOBUF = "application/vnd.kubernetes.protobuf";

const MAGIC = Buffer.from("k8s\0");
const TYPE_META = message({ 1: text("apiVersion"), 2: text("kind") });
const TYPE_META_FIELD = 1;
const RAW_FIELD = 2;
const ENCODING_FIELD = 3;

const statusCause = message({ 1: text("reason"), 2: text("message"), 3: text("field") });
const statusDetails = message({
  1: text("name"),
  2: text("group"),
  3: text("kind"),
  4: many("causes", statusCause),
  5: number("retryAfterSeconds"),
});
const status = message({
  2: text("status"),
  3: text("message"),
  4: text("reason"),
  5: one("details", statusDetails),
  6: number("code"),
});

type Target = Record<string, unknown>;

/** An answer of the API server: an object as `of` has it, or a Status. Throws ProtobufError, and nothing else. */
export function readProtobuf(bytes: Buffer, of: Message): unknown {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new ProtobufError("no message of Kubernetes");
  const envelope = new Reader(bytes, MAGIC.length, bytes.length);
  let type: Target = {};
  let raw: Reader | null = null;
  while (envelope.hasMore) {
    const tag = envelope.varint();
    if (tag === ((TYPE_META_FIELD << 3) | BYTES)) type = envelope.nested().fill(TYPE_META, {});
    else if (tag === ((RAW_FIELD << 3) | BYTES)) raw = envelope.nested();
    else if (tag === ((ENCODING_FIELD << 3) | BYTES) && envelope.nested().hasMore)
      throw new ProtobufError("an encoding that was not asked for");
    else if (tag >> 3 !== ENCODING_FIELD) envelope.skip(tag & 7);
  }
  if (raw === null) throw new ProtobufError("a message without content");
  return raw.fill(type["kind"] === "Status" ? status : of, type);
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** The last second of the year 9999. */
const MAX_SECONDS = 253_402_300_799;

/**
 * Goes through the bytes once. `#end` is that of the message in which it is at the moment: a reader for each of the fifteen
 * messages of a pod took 1.4 times as long.
 */
class Reader {
  readonly #bytes: Buffer;
  #at: number;
  #end: number;

  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get hasMore(): boolean {
    return this.#at < this.#end;
  }

  /** Reads to the end. A field that comes twice counts as it came last. */
  fill(of: Message, into: Target): Target {
    while (this.#at < this.#end) {
      const tag = this.varint();
      const field = of[Math.floor(tag / 8)];
      if (field === undefined) this.skip(tag & 7);
      else this.#take(field, tag & 7, into);
    }
    return into;
  }

  #take(field: Field, wire: number, into: Target): void {
    const { name } = field;
    if (wire !== (field.is === "flag" || field.is === "number" ? VARINT : BYTES))
      throw new ProtobufError(`${name} is of another type`);
    if (wire === VARINT) {
      const value = this.varint();
      into[name] = field.is === "flag" ? value !== 0 : value;
      return;
    }
    if (field.is === "text") {
      into[name] = this.#text();
      return;
    }
    if (field.is === "word") {
      into[name] = this.#word();
      return;
    }
    const outer = this.#end;
    this.#end = this.#endOfNext();
    switch (field.is) {
      case "time":
      case "moment": {
        const ms = this.#milliseconds();
        if (ms !== null) into[name] = field.is === "time" ? new Date(ms).toISOString() : ms;
        break;
      }
      case "texts":
        this.#entry(((into[name] as Target | undefined) ??= into[name] = {}), field.wants);
        break;
      case "message": {
        const inner = this.fill(field.of, {});
        if (!field.repeated) into[name] = inner;
        else ((into[name] as Target[] | undefined) ??= into[name] = []).push(inner);
      }
    }
    this.#end = outer;
  }

  /** Up to 2^53 as it is, above that roughly: no field that is read is so large. */
  varint(): number {
    const first = this.#at < this.#end ? (this.#bytes[this.#at++] ?? 0) : 0xff;
    return first < 0x80 ? first : this.#longVarint(first & 0x7f);
  }

  /** Nearly every one is a tag or a length below 128, without these rounds. */
  #longVarint(first: number): number {
    let value = first;
    let factor = 128;
    for (let length = 1; length < 10; length += 1) {
      if (this.#at >= this.#end) break;
      const byte = this.#bytes[this.#at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    throw new ProtobufError("a number without end");
  }

  nested(): Reader {
    const end = this.#endOfNext();
    const reader = new Reader(this.#bytes, this.#at, end);
    this.#at = end;
    return reader;
  }

  skip(wire: number): void {
    if (wire === VARINT) this.varint();
    else if (wire === BYTES) this.#at = this.#endOfNext();
    else if (wire === FIXED64) this.#step(8);
    else if (wire === FIXED32) this.#step(4);
    else throw new ProtobufError("a field of an unknown type");
  }

  /** Reads a length, and says where what has it ends. */
  #endOfNext(): number {
    const length = this.varint();
    if (length > this.#end - this.#at) throw new ProtobufError(`cut short at byte ${this.#at}`);
    return this.#at + length;
  }

  #step(length: number): void {
    if (length > this.#end - this.#at) throw new ProtobufError(`cut short at byte ${this.#at}`);
    this.#at += length;
  }

  #text(): string {
    const end = this.#endOfNext();
    const value = this.#bytes.toString("utf8", this.#at, end);
    this.#at = end;
    return value;
  }

  #word(): string {
    const end = this.#endOfNext();
    const start = this.#at;
    this.#at = end;
    return wordOf(this.#bytes, start, end);
  }

  #entry(into: Target, wants: (key: string) => boolean): void {
    let key = "";
    while (this.#at < this.#end) {
      const tag = this.varint();
      if (tag === ((1 << 3) | BYTES)) {
        key = this.#word();
      } else if (tag === ((2 << 3) | BYTES) && wants(key)) {
        into[key] = this.#text();
      } else this.skip(tag & 7);
    }
  }

  /** Since 1970; null when it was never set. */
  #milliseconds(): number | null {
    let seconds = 0;
    let nanos = 0;
    while (this.#at < this.#end) {
      const tag = this.varint();
      if (tag === ((1 << 3) | VARINT)) seconds = this.varint();
      else if (tag === ((2 << 3) | VARINT)) nanos = this.varint();
      else this.skip(tag & 7);
    }
    if (seconds <= 0 || seconds > MAX_SECONDS) return null;
    return seconds * 1000 + (nanos < 1e9 ? Math.floor(nanos / 1e6) : 0);
  }
}
