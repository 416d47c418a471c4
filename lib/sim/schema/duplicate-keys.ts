/**
 * Paths of keys that appear twice in one object of a JSON text, as strict decoding names them (`spec.cidr`), in text order.
 * The text must be valid JSON.
 */
export function duplicateKeys(text: string): string[] {
  const found: string[] = [];
  const scanner = { text, at: 0 };
  scanValue(scanner, "", found);
  return found;
}

interface Scanner {
  readonly text: string;
  at: number;
}

const blank = /[\s,:]*/y;
const scalar = /[^\s,\]}]+/y;

function skip(scanner: Scanner, pattern: RegExp): void {
  pattern.lastIndex = scanner.at;
  pattern.test(scanner.text);
  scanner.at = Math.max(scanner.at, pattern.lastIndex);
}

function scanValue(scanner: Scanner, path: string, found: string[]): void {
  skip(scanner, blank);
  switch (scanner.text[scanner.at]) {
    case "{":
      scanner.at += 1;
      scanObject(scanner, path, found);
      return;
    case "[":
      scanner.at += 1;
      scanList(scanner, path, found);
      return;
    case '"':
      scanText(scanner);
      return;
    default:
      skip(scanner, scalar);
  }
}

function scanObject(scanner: Scanner, path: string, found: string[]): void {
  const seen = new Set<string>();
  for (;;) {
    skip(scanner, blank);
    if (scanner.text[scanner.at] !== '"') break;
    const key = scanText(scanner);
    const inner = path === "" ? key : `${path}.${key}`;
    if (seen.has(key)) found.push(inner);
    seen.add(key);
    scanValue(scanner, inner, found);
  }
  scanner.at += 1;
}

function scanList(scanner: Scanner, path: string, found: string[]): void {
  for (let index = 0; ; index++) {
    skip(scanner, blank);
    if (scanner.at >= scanner.text.length || scanner.text[scanner.at] === "]") break;
    scanValue(scanner, `${path}[${index}]`, found);
  }
  scanner.at += 1;
}

function scanText(scanner: Scanner): string {
  const from = scanner.at;
  let at = from + 1;
  while (at < scanner.text.length && scanner.text[at] !== '"') at += scanner.text[at] === "\\" ? 2 : 1;
  scanner.at = at + 1;
  const key: unknown = JSON.parse(scanner.text.slice(from, at + 1));
  return String(key);
}
