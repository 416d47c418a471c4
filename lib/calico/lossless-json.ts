/** Sixteen digits: the shortest integer that may not fit a double. */
const LONG_NUMBER = /\d{16}/;

/** A long integer where a value stands. It may also match inside a string, which then no longer parses. */
const LONG_VALUE = /(^|[:,[])(\s*)(-?[1-9]\d{15,})(?=\s*(?:[,}\]]|$))/g;

const INTEGER = /^-?\d+$/;

/** Marks a long integer on its way through JSON.parse; a text that itself begins with it takes the slow way. */
const MARK = "\u0001";
const ESCAPED_MARK = '"\\u0001';

/**
 * JSON.parse, except that integers beyond ±2^53 come back as bigint. Block sequence numbers are such integers.
 * @throws SyntaxError as JSON.parse does
 * @throws Error when the runtime cannot tell the digits of a number (Node before 22)
 */
export function parseLossless(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  if (text.includes(ESCAPED_MARK)) return parseBySource(text);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(LONG_VALUE, `$1$2"\\u0001$3"`));
  } catch {
    return parseBySource(text);
  }
  return unmark(value);
}

/** Slow (five times plain JSON.parse), and right for every text. */
function parseBySource(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
    if (context?.source === undefined)
      throw new Error("this runtime cannot read large integers exactly; use Node 22 or newer");
    return INTEGER.test(context.source) ? BigInt(context.source) : value;
  };
  return JSON.parse(text, revive);
}

/** Replaces marked texts in place. Not recursive: depth is up to who wrote the text. */
function unmark(root: unknown): unknown {
  const holder: unknown[] = [root];
  const open: unknown[] = [holder];
  const settle = (value: unknown): unknown => {
    if (typeof value === "object" && value !== null) open.push(value);
    return typeof value === "string" && value.startsWith(MARK) ? readInteger(value.slice(1)) : value;
  };
  while (open.length > 0) {
    const current = open.pop();
    if (Array.isArray(current)) {
      for (let at = 0; at < current.length; at++) {
        if (typeof current[at] !== "number") current[at] = settle(current[at]);
      }
    } else if (isRecord(current)) {
      for (const key in current) {
        const value = current[key];
        const settled = settle(value);
        if (settled !== value) current[key] = settled;
      }
    }
  }
  return holder[0];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function readInteger(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

/**
 * JSON.stringify, except that bigints are written as bare integers.
 * @throws Error when the runtime has no JSON.rawJSON (Node before 22)
 */
export function stringifyLossless(value: unknown, space?: number): string {
  return JSON.stringify(
    value,
    (_key, part: unknown) => (typeof part === "bigint" ? rawInteger(part) : part),
    space,
  );
}

function rawInteger(value: bigint): unknown {
  const rawJson: unknown = Reflect.get(JSON, "rawJSON");
  if (typeof rawJson !== "function")
    throw new Error("this runtime cannot write large integers exactly; use Node 22 or newer");
  return Reflect.apply(rawJson, JSON, [String(value)]);
}
