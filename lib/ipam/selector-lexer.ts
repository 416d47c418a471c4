type TokenKind =
  | "Label"
  | "StringLiteral"
  | "LBrace"
  | "RBrace"
  | "Comma"
  | "Eq"
  | "Ne"
  | "In"
  | "Not"
  | "NotIn"
  | "Contains"
  | "StartsWith"
  | "EndsWith"
  | "All"
  | "Has"
  | "LParen"
  | "RParen"
  | "And"
  | "Or"
  | "Global"
  | "EOF";

export interface Token {
  readonly kind: TokenKind;
  /** Label name or string content; empty for all other kinds. */
  readonly value: string;
}

/** A text that is no selector; `message` is Calico's own. */
export class SelectorError extends Error {
  override readonly name = "SelectorError";
}

/** A token as Calico prints it in its errors. */
export function formatToken(token: Token): string {
  return `Tok${token.kind}(${token.value})`;
}

const MAX_LABEL_LENGTH = 512;

const SYMBOLS: readonly (readonly [string, TokenKind])[] = [
  ["==", "Eq"],
  ["!=", "Ne"],
  ["&&", "And"],
  ["||", "Or"],
  ["!", "Not"],
  ["(", "LParen"],
  [")", "RParen"],
  ["{", "LBrace"],
  ["}", "RBrace"],
  [",", "Comma"],
];

/** Operators that are words: they count only right after a label, and only when no label character follows. */
const WORD_OPERATORS: readonly (readonly [RegExp, TokenKind])[] = [
  [/contains(?![A-Za-z0-9_./-])/y, "Contains"],
  [/starts[ \t]*with(?![ \t]*[A-Za-z0-9_./-])/y, "StartsWith"],
  [/ends[ \t]*with(?![ \t]*[A-Za-z0-9_./-])/y, "EndsWith"],
  [/not[ \t]*in(?![ \t]*[A-Za-z0-9_./-])/y, "NotIn"],
  [/in(?![A-Za-z0-9_./-])/y, "In"],
];

const BLANKS = /[ \t]*/y;
const IDENTIFIER = /[A-Za-z0-9_./-]*/y;
const FUNCTION = /(has|all|global)\(/y;

/**
 * Splits a selector into tokens; the last one is always EOF. Only blanks and tabs separate.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/selector/tokenizer/tokenizer.go
 * @throws SelectorError
 */
export function lexSelector(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = skipBlanks(text, 0); at < text.length; at = skipBlanks(text, at)) {
    const { token, end } = readToken(text, at, tokens.at(-1));
    tokens.push(token);
    at = end;
  }
  tokens.push({ kind: "EOF", value: "" });
  return tokens;
}

interface Read {
  readonly token: Token;
  /** Index after the token. */
  readonly end: number;
}

function readToken(text: string, at: number, previous: Token | undefined): Read {
  const char = text.charAt(at);
  if (char === '"' || char === "'") return readString(text, at, char);
  for (const [symbol, kind] of SYMBOLS) {
    if (text.startsWith(symbol, at)) return { token: { kind, value: "" }, end: at + symbol.length };
  }
  if ("=&|".includes(char)) throw new SelectorError(`expected ${char}${char}`);
  if (previous?.kind === "Label") return readWordOperator(text, at, previous.value);
  const call = match(FUNCTION, text, at);
  if (call !== null) return readCall(text, at + call.length, call);
  const label = readIdentifier(text, at);
  return { token: { kind: "Label", value: label }, end: at + label.length };
}

function readString(text: string, at: number, quote: string): Read {
  const close = text.indexOf(quote, at + 1);
  if (close < 0) throw new SelectorError("unterminated string");
  return { token: { kind: "StringLiteral", value: text.slice(at + 1, close) }, end: close + 1 };
}

function readWordOperator(text: string, at: number, label: string): Read {
  for (const [pattern, kind] of WORD_OPERATORS) {
    const word = match(pattern, text, at);
    if (word !== null) return { token: { kind, value: "" }, end: at + word.length };
  }
  throw new SelectorError(`expected operator after label "${label}"`);
}

/** What follows `has(`, `all(` or `global(`. */
function readCall(text: string, afterParen: number, call: string): Read {
  let at = skipBlanks(text, afterParen);
  const value = call === "has(" ? readIdentifier(text, at) : "";
  at = skipBlanks(text, at + value.length);
  if (text.charAt(at) !== ")") throw new SelectorError(`no closing ')' after ${call}`);
  const kind = call === "has(" ? "Has" : call === "all(" ? "All" : "Global";
  return { token: { kind, value }, end: at + 1 };
}

function readIdentifier(text: string, at: number): string {
  const identifier = match(IDENTIFIER, text, at) ?? "";
  if (identifier === "") throw new SelectorError("expected identifier");
  if (identifier.length > MAX_LABEL_LENGTH) throw new SelectorError(`label too long: ${identifier}`);
  return identifier;
}

function skipBlanks(text: string, at: number): number {
  return at + (match(BLANKS, text, at)?.length ?? 0);
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
