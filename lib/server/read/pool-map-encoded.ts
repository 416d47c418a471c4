import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Inventory } from "../../inventory/inventory.ts";
import { remembered } from "./remembered.ts";

export interface EncodedMap {
  /** Of the content: a version of the inventory that changed something else has the same. */
  readonly etag: string;
  readonly version: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Compressed once for everybody, on another thread. */
  readonly gzip: () => Promise<Uint8Array<ArrayBuffer>>;
}

/** `room`: bytes that are no longer needed, to write into where they are as many as it takes; null: there are none. */
export type Encode = (version: string, room: Uint8Array<ArrayBuffer> | null) => Uint8Array<ArrayBuffer>;

const compress = promisify(gzip);

const lastEncoded = new WeakMap<Inventory, Map<string, EncodedMap>>();

/** Maps that are kept to be compared with; beyond this those that were longest not asked for are made anew. */
const mostBytes = 64 * 1024 * 1024;

/**
 * What `make` makes, encoded once for everybody. A map that is as it was keeps its version, which the encoder is given, and is
 * not compressed again.
 */
export function encodedMap(inventory: Inventory, key: string, make: () => Encode): EncodedMap {
  return remembered(inventory, key, () => {
    const known = lastEncoded.get(inventory) ?? new Map<string, EncodedMap>();
    lastEncoded.set(inventory, known);
    const encoded = asBefore(make(), known.get(key), inventory.version);
    known.delete(key);
    known.set(key, encoded);
    forgetOldest(known);
    return encoded;
  });
}

function asBefore(encode: Encode, before: EncodedMap | undefined, version: string): EncodedMap {
  const same = before && encode(before.version, null);
  if (before && same && Buffer.compare(same, before.body) === 0) return before;
  const body = encode(version, same ?? null);
  return { etag: etagOf(body), version, body, gzip: compressedOnce(body) };
}

function compressedOnce(body: Uint8Array): EncodedMap["gzip"] {
  let made: ReturnType<EncodedMap["gzip"]> | null = null;
  return () => (made ??= compress(body).then((bytes) => new Uint8Array(bytes)));
}

function etagOf(body: Uint8Array): string {
  return `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
}

function forgetOldest(known: Map<string, EncodedMap>): void {
  let bytes = 0;
  for (const { body } of known.values()) bytes += body.length;
  for (const [key, { body }] of known) {
    if (bytes <= mostBytes || known.size === 1) return;
    known.delete(key);
    bytes -= body.length;
  }
}
