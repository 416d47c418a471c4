/**
 * The syntax error that Go's encoding/json gives for a text, or null when it is JSON. Go reports the first byte that does not
 * fit, and where it stood; a text that ends too early is judged as if a blank followed.
 * Source: Go src/encoding/json/scanner.go
 */
export function goSyntaxError(text: string): string | null {
  const scanner = new Scanner();
  for (const byte of new TextEncoder().encode(text)) {
    scanner.step(byte);
    if (scanner.error !== null) return scanner.error;
  }
  return scanner.end();
}

type State = (this: Scanner, byte: number) => void;

/** What is open around the value being read. */
type Open = "objectKey" | "objectValue" | "arrayValue";

const MAX_DEPTH = 10_000;
const BLANK = 0x20;

class Scanner {
  error: string | null = null;
  #state: State;
  readonly #open: Open[] = [];
  #complete = false;

  constructor() {
    this.#state = Scanner.beginValue;
  }

  step(byte: number): void {
    this.#state(byte);
  }

  end(): string | null {
    if (!this.#complete) this.step(BLANK);
    if (this.#complete) return null;
    return this.error ?? "unexpected end of JSON input";
  }

  #refuse(byte: number, context: string): void {
    this.error = `invalid character ${quoteByte(byte)} ${context}`;
  }

  #enter(open: Open, state: State): void {
    this.#open.push(open);
    if (this.#open.length > MAX_DEPTH) this.error = "exceeded max depth";
    this.#state = state;
  }

  #leave(): void {
    this.#open.pop();
    this.#state = Scanner.endValue;
    if (this.#open.length > 0) return;
    this.#state = Scanner.endTop;
    this.#complete = true;
  }

  static beginValue: State = function (byte) {
    const char = String.fromCharCode(byte);
    if (isBlank(byte)) return;
    if (char === "{") this.#enter("objectKey", Scanner.beginKeyOrEnd);
    else if (char === "[") this.#enter("arrayValue", Scanner.beginValueOrEnd);
    else if (char === '"') this.#state = Scanner.inString;
    else if (char === "-") this.#state = Scanner.afterMinus;
    else if (char === "0") this.#state = Scanner.afterInteger;
    else if (isDigit(byte)) this.#state = Scanner.inInteger;
    else if (char === "t") this.#state = literal("true", 1);
    else if (char === "f") this.#state = literal("false", 1);
    else if (char === "n") this.#state = literal("null", 1);
    else this.#refuse(byte, "looking for beginning of value");
  };

  static beginValueOrEnd: State = function (byte) {
    if (isBlank(byte)) return;
    if (byte === code("]")) this.#leave();
    else Scanner.beginValue.call(this, byte);
  };

  static beginKeyOrEnd: State = function (byte) {
    if (isBlank(byte)) return;
    if (byte === code("}")) this.#leave();
    else Scanner.beginKey.call(this, byte);
  };

  static beginKey: State = function (byte) {
    if (isBlank(byte)) return;
    if (byte === code('"')) this.#state = Scanner.inString;
    else this.#refuse(byte, "looking for beginning of object key string");
  };

  static endValue: State = function (byte) {
    const open = this.#open.at(-1);
    if (open === undefined) {
      this.#state = Scanner.endTop;
      this.#complete = true;
      Scanner.endTop.call(this, byte);
      return;
    }
    this.#state = Scanner.endValue;
    if (isBlank(byte)) return;
    const last = this.#open.length - 1;
    const char = String.fromCharCode(byte);
    if (open === "objectKey") {
      if (char !== ":") return this.#refuse(byte, "after object key");
      this.#open[last] = "objectValue";
      this.#state = Scanner.beginValue;
    } else if (open === "objectValue") {
      if (char === "}") return this.#leave();
      if (char !== ",") return this.#refuse(byte, "after object key:value pair");
      this.#open[last] = "objectKey";
      this.#state = Scanner.beginKey;
    } else {
      if (char === "]") return this.#leave();
      if (char !== ",") return this.#refuse(byte, "after array element");
      this.#state = Scanner.beginValue;
    }
  };

  static endTop: State = function (byte) {
    if (isBlank(byte)) return;
    this.#refuse(byte, "after top-level value");
  };

  static inString: State = function (byte) {
    if (byte === code('"')) this.#state = Scanner.endValue;
    else if (byte === code("\\")) this.#state = Scanner.inEscape;
    else if (byte < BLANK) this.#refuse(byte, "in string literal");
  };

  static inEscape: State = function (byte) {
    const char = String.fromCharCode(byte);
    if ('bfnrt\\/"'.includes(char)) this.#state = Scanner.inString;
    else if (char === "u") this.#state = hexEscape(4);
    else this.#refuse(byte, "in string escape code");
  };

  static afterMinus: State = function (byte) {
    if (byte === code("0")) this.#state = Scanner.afterInteger;
    else if (isDigit(byte)) this.#state = Scanner.inInteger;
    else this.#refuse(byte, "in numeric literal");
  };

  static inInteger: State = function (byte) {
    if (!isDigit(byte)) Scanner.afterInteger.call(this, byte);
  };

  static afterInteger: State = function (byte) {
    if (byte === code(".")) this.#state = Scanner.afterDot;
    else Scanner.inFraction.call(this, byte, true);
  };

  static afterDot: State = function (byte) {
    if (isDigit(byte)) this.#state = Scanner.inFraction;
    else this.#refuse(byte, "after decimal point in numeric literal");
  };

  static inFraction: (this: Scanner, byte: number, noDigits?: boolean) => void = function (
    byte,
    noDigits = false,
  ) {
    if (!noDigits && isDigit(byte)) return;
    if (byte === code("e") || byte === code("E")) this.#state = Scanner.afterExponent;
    else Scanner.endValue.call(this, byte);
  };

  static afterExponent: State = function (byte) {
    if (byte === code("+") || byte === code("-")) this.#state = Scanner.afterExponentSign;
    else Scanner.afterExponentSign.call(this, byte);
  };

  static afterExponentSign: State = function (byte) {
    if (isDigit(byte)) this.#state = Scanner.inExponent;
    else this.#refuse(byte, "in exponent of numeric literal");
  };

  static inExponent: State = function (byte) {
    if (!isDigit(byte)) Scanner.endValue.call(this, byte);
  };

  static expect(word: string, at: number): State {
    return function (byte) {
      const wanted = word.charAt(at);
      if (byte !== code(wanted)) this.#refuse(byte, `in literal ${word} (expecting '${wanted}')`);
      else this.#state = at === word.length - 1 ? Scanner.endValue : Scanner.expect(word, at + 1);
    };
  }

  static hexDigits(left: number): State {
    return function (byte) {
      if (!/[0-9a-fA-F]/.test(String.fromCharCode(byte)))
        this.#refuse(byte, "in \\u hexadecimal character escape");
      else this.#state = left === 1 ? Scanner.inString : Scanner.hexDigits(left - 1);
    };
  }
}

const literal = Scanner.expect;
const hexEscape = Scanner.hexDigits;

function code(char: string): number {
  return char.charCodeAt(0);
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

const ESCAPES: Readonly<Record<number, string>> = {
  0x07: "\\a",
  0x08: "\\b",
  0x09: "\\t",
  0x0a: "\\n",
  0x0b: "\\v",
  0x0c: "\\f",
  0x0d: "\\r",
  0x27: "\\'",
  0x5c: "\\\\",
};

/** Go takes the byte for a character of its own: "é" is reported as 'Ã'. */
function quoteByte(byte: number): string {
  const escape = ESCAPES[byte];
  if (escape !== undefined) return `'${escape}'`;
  if (byte < BLANK || byte === 0x7f) return `'\\x${byte.toString(16).padStart(2, "0")}'`;
  if ((byte >= 0x80 && byte <= 0xa0) || byte === 0xad) return `'\\u00${byte.toString(16)}'`;
  return `'${String.fromCharCode(byte)}'`;
}

export type DecodedList =
  { readonly ok: true; readonly values: readonly string[] } | { readonly ok: false; readonly error: string };

/**
 * `json.Unmarshal` of a text into a list of strings, with Go's own error. `null` gives an empty list, `[null]` one empty string.
 * Source: Go src/encoding/json/decode.go
 */
export function decodeStringList(text: string): DecodedList {
  const error = goSyntaxError(text);
  if (error !== null) return { ok: false, error };
  const value: unknown = JSON.parse(text);
  if (value === null) return { ok: true, values: [] };
  if (!Array.isArray(value)) return wrongType(value, "[]string");
  const entries: readonly unknown[] = value;
  for (const entry of entries)
    if (entry !== null && typeof entry !== "string") return wrongType(entry, "string");
  return { ok: true, values: entries.map((entry) => (typeof entry === "string" ? entry : "")) };
}

function wrongType(value: unknown, wanted: string): DecodedList {
  const type = typeof value === "boolean" ? "bool" : Array.isArray(value) ? "array" : typeof value;
  return { ok: false, error: `json: cannot unmarshal ${type} into Go value of type ${wanted}` };
}
