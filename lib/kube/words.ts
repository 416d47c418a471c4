/** A power of two, several times the names of nodes and namespaces of the largest cluster. */
const places = 16_384;
/** Longer ones are no names. */
const mostLength = 253;

/** By the hash of their bytes; one that comes to the place of another takes it. */
const known: string[] = Array.from({ length: places }, () => "");

/**
 * The text of these bytes, UTF-8; the same string as last time, if it is still remembered. Of 150,000 pods each names a node, a
 * namespace and a phase: comparing the bytes takes a third of the time of making a string that a Map then has to hash.
 */
export function wordOf(bytes: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length === 0 || length > mostLength) return bytes.toString("utf8", start, end);
  let hash = 0;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  const place = (hash ^ (hash >>> 15)) & (places - 1);
  const kept = known[place] ?? "";
  if (kept.length === length && isSpelt(kept, bytes, start)) return kept;
  const text = bytes.toString("utf8", start, end);
  // Only where each byte is a character: another text's bytes could look like it otherwise.
  if (text.length === length) known[place] = text;
  return text;
}

function isSpelt(text: string, bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) !== bytes[start + at]) return false;
  return true;
}
