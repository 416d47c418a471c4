import { formatToken, lexSelector, SelectorError, type Token } from "./selector-lexer.ts";

export { SelectorError };

type TextTest = "==" | "!=" | "contains" | "starts with" | "ends with";

/** A parsed Calico selector. `all` also stands for the empty text. */
export type Selector =
  | { readonly kind: "all" | "global" }
  | { readonly kind: "has"; readonly label: string }
  | { readonly kind: "text"; readonly label: string; readonly test: TextTest; readonly value: string }
  /** `values` sorted by code point, no duplicates. */
  | { readonly kind: "in" | "notIn"; readonly label: string; readonly values: readonly string[] }
  | { readonly kind: "not"; readonly operand: Selector }
  | { readonly kind: "and" | "or"; readonly operands: readonly Selector[] };

export type Labels = Readonly<Record<string, string>>;

/** Calico sets no bound; ours keeps a hostile selector from exhausting the stack. */
const MAX_NESTING = 500;

/**
 * Reads a selector; empty or blank text selects everything. Keywords are case-sensitive, `&&` binds tighter than `||`.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/selector/parser/parser.go
 * @throws SelectorError with Calico's text (and for parentheses nested deeper than 500, which Calico accepts).
 */
export function parseSelector(text: string): Selector {
  const tokens = lexSelector(text);
  if (tokens[0]?.kind === "EOF") return { kind: "all" };
  const parser = new Parser(tokens);
  const selector = parser.either(0);
  const rest = parser.rest();
  if (rest.length !== 1) {
    throw new SelectorError(`unexpected content at end of selector [${rest.map(formatToken).join(" ")}]`);
  }
  return selector;
}

const TEXT_TESTS: Readonly<Partial<Record<Token["kind"], TextTest>>> = {
  Eq: "==",
  Ne: "!=",
  Contains: "contains",
  StartsWith: "starts with",
  EndsWith: "ends with",
};

const END: Token = { kind: "EOF", value: "" };

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  rest(): readonly Token[] {
    return this.#tokens.slice(this.#at);
  }

  either(depth: number): Selector {
    return this.#joined("or", "Or", () => this.#all(depth));
  }

  #all(depth: number): Selector {
    return this.#joined("and", "And", () => this.#operation(depth));
  }

  #joined(kind: "and" | "or", separator: Token["kind"], next: () => Selector): Selector {
    const first = next();
    const operands = [first];
    while (this.#peek().kind === separator) {
      this.#at++;
      operands.push(next());
    }
    return operands.length === 1 ? first : { kind, operands };
  }

  #operation(depth: number): Selector {
    let negated = false;
    while (this.#peek().kind === "Not") {
      negated = !negated;
      this.#at++;
    }
    const operand = this.#primary(depth);
    return negated ? { kind: "not", operand } : operand;
  }

  #primary(depth: number): Selector {
    const token = this.#peek();
    switch (token.kind) {
      case "Has":
        this.#at++;
        return { kind: "has", label: token.value };
      case "All":
        this.#at++;
        return { kind: "all" };
      case "Global":
        this.#at++;
        return { kind: "global" };
      case "Label":
        return this.#comparison(token.value);
      case "LParen":
        return this.#group(depth);
      default:
        throw new SelectorError(`unexpected token: ${formatToken(token)}`);
    }
  }

  #group(depth: number): Selector {
    if (depth === MAX_NESTING) throw new SelectorError(`nested deeper than ${MAX_NESTING} parentheses`);
    this.#at++;
    const inner = this.either(depth + 1);
    if (this.#peek().kind !== "RParen") throw new SelectorError("expected )");
    this.#at++;
    return inner;
  }

  #comparison(label: string): Selector {
    if (this.#tokens.length - this.#at < 3)
      throw new SelectorError("unexpected end of string looking for op");
    const operator = this.#peek(1);
    const argument = this.#peek(2);
    this.#at += 3;
    const test = TEXT_TESTS[operator.kind];
    if (test !== undefined) {
      if (argument.kind !== "StringLiteral") throw new SelectorError("expected string");
      return { kind: "text", label, test, value: argument.value };
    }
    if (operator.kind !== "In" && operator.kind !== "NotIn") {
      throw new SelectorError(`expected == or != not: ${formatToken(operator)}`);
    }
    if (argument.kind !== "LBrace") throw new SelectorError("expected set literal");
    return { kind: operator.kind === "In" ? "in" : "notIn", label, values: this.#setValues() };
  }

  #setValues(): string[] {
    const values = new Set<string>();
    while (this.#peek().kind === "StringLiteral") {
      values.add(this.#peek().value);
      this.#at++;
      if (this.#peek().kind !== "Comma") break;
      this.#at++;
    }
    if (this.#peek().kind !== "RBrace") throw new SelectorError("expected }");
    this.#at++;
    return [...values].sort(compareCodePoints);
  }

  #peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? END;
  }
}

/**
 * Whether the labels satisfy the selector. A missing label satisfies only `!=`, `not in` and negations.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/selector/parser/ast.go
 */
export function matches(selector: Selector, labels: Labels): boolean {
  switch (selector.kind) {
    case "all":
    case "global":
      return true;
    case "has":
      return Object.hasOwn(labels, selector.label);
    case "text":
      return matchesText(selector.test, selector.value, valueOf(labels, selector.label));
    case "in":
    case "notIn": {
      const value = valueOf(labels, selector.label);
      return (value !== undefined && selector.values.includes(value)) === (selector.kind === "in");
    }
    case "not":
      return !matches(selector.operand, labels);
    case "and":
      return selector.operands.every((operand) => matches(operand, labels));
    case "or":
      return selector.operands.some((operand) => matches(operand, labels));
  }
}

function matchesText(test: TextTest, wanted: string, value: string | undefined): boolean {
  if (value === undefined) return test === "!=";
  switch (test) {
    case "==":
      return value === wanted;
    case "!=":
      return value !== wanted;
    case "contains":
      return value.includes(wanted);
    case "starts with":
      return value.startsWith(wanted);
    case "ends with":
      return value.endsWith(wanted);
  }
}

function valueOf(labels: Labels, label: string): string | undefined {
  return Object.hasOwn(labels, label) ? labels[label] : undefined;
}

/** Calico's canonical text; parsing it gives a selector of the same meaning. */
export function formatSelector(selector: Selector): string {
  switch (selector.kind) {
    case "all":
    case "global":
      return `${selector.kind}()`;
    case "has":
      return `has(${selector.label})`;
    case "text":
      return `${selector.label} ${selector.test} ${quote(selector.value)}`;
    case "in":
      return `${selector.label} in {${selector.values.map(quote).join(", ")}}`;
    case "notIn":
      return `${selector.label} not in {${selector.values.map(quote).join(", ")}}`;
    case "not":
      return `!${formatSelector(selector.operand)}`;
    case "and":
      return `(${selector.operands.map(formatSelector).join(" && ")})`;
    case "or":
      return `(${selector.operands.map(formatSelector).join(" || ")})`;
  }
}

/** Calico's error text when the text is no selector, else null. */
export function selectorProblem(text: string): string | null {
  try {
    parseSelector(text);
    return null;
  } catch (error) {
    if (error instanceof SelectorError) return error.message;
    throw error;
  }
}

function quote(value: string): string {
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}

/** The order of UTF-8 bytes, as Go sorts strings. */
function compareCodePoints(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let at = 0; at < left.length && at < right.length; at++) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
