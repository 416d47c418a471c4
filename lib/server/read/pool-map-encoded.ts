import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Inventory } from "../../inventory/inventory.ts";
import { remembered } from "./remembered.ts";

export interface EncodedMap {
  /** Of the content: a version of the inventory that changed something else has the same. */
  readonly etag: string;
  readonly version: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer>;
}

const lastEncoded = new WeakMap<Inventory, Map<string, EncodedMap>>();

/** Maps that are kept to be compared with; beyond this those that were longest not asked for are made anew. */
const mostBytes = 64 * 1024 * 1024;

/**
 * What `encode` makes, plain and compressed once for everybody. A map that is as it was keeps its version, which `encode` is
 * given, and is not compressed again.
 */
export function encodedMap(
  inventory: Inventory,
  key: string,
  make: () => (version: string) => Uint8Array<ArrayBuffer>,
): EncodedMap {
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

function asBefore(
  encode: (version: string) => Uint8Array<ArrayBuffer>,
  before: EncodedMap | undefined,
  version: string,
): EncodedMap {
  if (before && etagOf(encode(before.version)) === before.etag) return before;
  const body = encode(version);
  return { etag: etagOf(body), version, body, gzip: new Uint8Array(gzipSync(body)) };
}

function etagOf(body: Uint8Array): string {
  return `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
}

function forgetOldest(known: Map<string, EncodedMap>): void {
  let bytes = 0;
  for (const { body, gzip } of known.values()) bytes += body.length + gzip.length;
  for (const [key, { body, gzip }] of known) {
    if (bytes <= mostBytes || known.size === 1) return;
    known.delete(key);
    bytes -= body.length + gzip.length;
  }
}
