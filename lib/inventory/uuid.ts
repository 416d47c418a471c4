/** Where the sixteen bytes of a UUID stand in its text, in lower case, as Kubernetes writes it. */
const places: readonly number[] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const texts: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Writes the sixteen bytes; false where they cannot say the text exactly, and are of no use then. */
export function writeUuid(bytes: Uint8Array, at: number, text: string): boolean {
  if (
    text.length !== 36 ||
    !hasDash(text, 8) ||
    !hasDash(text, 13) ||
    !hasDash(text, 18) ||
    !hasDash(text, 23)
  )
    return false;
  let seen = 0;
  for (let index = 0; index < 16; index++) {
    const place = places[index] ?? 0;
    const high = digitAt(text, place);
    const low = digitAt(text, place + 1);
    bytes[at + index] = high * 16 + low;
    // -1, as all bits, stays.
    seen |= high | low;
  }
  return seen >= 0;
}

export function uuidOf(bytes: Uint8Array, at: number): string {
  const two = (offset: number) => texts[bytes[at + offset] ?? 0] ?? "";
  const four = (offset: number) => two(offset) + two(offset + 1);
  return `${four(0)}${four(2)}-${four(4)}-${four(6)}-${four(8)}-${four(10)}${four(12)}${four(14)}`;
}

function hasDash(text: string, place: number): boolean {
  return text.charCodeAt(place) === 45;
}

function digitAt(text: string, place: number): number {
  const code = text.charCodeAt(place);
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}
