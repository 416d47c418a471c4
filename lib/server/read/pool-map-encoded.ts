import type { Inventory } from "../../inventory/inventory.ts";
import { encoded, type Encoded } from "../encoded.ts";
import { remembered } from "./remembered.ts";

export interface EncodedMap extends Encoded {
  readonly version: string;
}

interface Stamped {
  readonly stamp: string;
  readonly map: EncodedMap;
}

const encodings = new WeakMap<object, Map<string, Stamped>>();

/** Answers about one map that are kept: its columns in all sets, and some patches. */
const mostEncodings = 32;

/** What `encode` makes of `subject`, made once for everybody who asks the same while `stamp` stays the same. */
export function encodedOnce(
  subject: object,
  question: string,
  { stamp, version }: { readonly stamp: string; readonly version: string },
  encode: () => Uint8Array<ArrayBuffer>,
): EncodedMap {
  const known = encodings.get(subject) ?? new Map<string, Stamped>();
  encodings.set(subject, known);
  const before = known.get(question);
  if (before?.stamp === stamp) return before.map;
  const map = { ...encoded(encode()), version };
  known.delete(question);
  known.set(question, { stamp, map });
  const [oldest] = known.keys();
  if (known.size > mostEncodings && oldest !== undefined) known.delete(oldest);
  return map;
}

const lastEncoded = new WeakMap<Inventory, Map<string, EncodedMap>>();

/** Maps that are kept to be compared with; beyond this those that were longest not asked for are made anew. */
const mostBytes = 64 * 1024 * 1024;

/**
 * What `make` makes, encoded once for everybody. A map that is as it was keeps its version, which the encoder is given, and is
 * not compressed again.
 */
export function encodedMap(
  inventory: Inventory,
  key: string,
  make: () => (version: string) => Uint8Array<ArrayBuffer>,
): EncodedMap {
  return remembered(inventory, key, () => {
    const known = lastEncoded.get(inventory) ?? new Map<string, EncodedMap>();
    lastEncoded.set(inventory, known);
    const encode = make();
    const before = known.get(key);
    const isAsBefore = before && Buffer.compare(encode(before.version), before.body) === 0;
    const { version } = inventory;
    const map = isAsBefore ? before : { ...encoded(encode(version)), version };
    known.delete(key);
    known.set(key, map);
    forgetOldest(known);
    return map;
  });
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
