/** Where the sixteen bytes of a UUID stand in its text, in lower case, as Kubernetes writes it. */
const places: readonly number[] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const dashes: readonly number[] = [8, 13, 18, 23];
const texts: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** True where sixteen bytes say the text exactly. */
export function isUuid(text: string): boolean {
  if (text.length !== 36) return false;
  for (const place of dashes) if (text.charCodeAt(place) !== 45) return false;
  for (const place of places) if (digitAt(text, place) < 0 || digitAt(text, place + 1) < 0) return false;
  return true;
}

/** Only of texts that `isUuid` says yes to. */
export function writeUuid(bytes: Uint8Array, at: number, text: string): void {
  let offset = at;
  for (const place of places) bytes[offset++] = digitAt(text, place) * 16 + digitAt(text, place + 1);
}

export function uuidOf(bytes: Uint8Array, at: number): string {
  const two = (offset: number) => texts[bytes[at + offset] ?? 0] ?? "";
  const four = (offset: number) => two(offset) + two(offset + 1);
  return `${four(0)}${four(2)}-${four(4)}-${four(6)}-${four(8)}-${four(10)}${four(12)}${four(14)}`;
}

function digitAt(text: string, place: number): number {
  const code = text.charCodeAt(place);
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}
