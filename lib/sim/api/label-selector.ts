import { labelValueRule, qualifiedNameRules } from "./names.ts";
import { type ApiError, badRequest } from "./status.ts";

export type LabelMatcher = (labels: Readonly<Record<string, string>> | undefined) => boolean;

type Token = { readonly kind: "word" | "op" | "end"; readonly text: string };

const special = new Set(["=", "!", "(", ")", ",", "<", ">"]);

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (/\s/.test(char)) {
      at += 1;
    } else if (special.has(char)) {
      const two = text.slice(at, at + 2);
      const op = two === "==" || two === "!=" ? two : char;
      tokens.push({ kind: "op", text: op });
      at += op.length;
    } else {
      let end = at;
      while (end < text.length && !special.has(text.charAt(end)) && !/\s/.test(text.charAt(end))) end += 1;
      tokens.push({ kind: "word", text: text.slice(at, end) });
      at = end;
    }
  }
  tokens.push({ kind: "end", text: "" });
  return tokens;
}

function refused(why: string): ApiError {
  return badRequest(`unable to parse requirement: ${why}`);
}

function checkValue(value: string, field: string): void {
  const rule = labelValueRule(value);
  if (rule !== "") throw refused(`${field}: Invalid value: ${JSON.stringify(value)}: ${rule}`);
}

/**
 * A label selector in text form: `a=b,c!=d,e in (f,g),!h`. Empty text selects everything.
 * @throws ApiError 400
 */
export function parseLabelSelector(text: string): LabelMatcher {
  const tokens = tokenize(text);
  let at = 0;
  const peek = (): Token => tokens[at] ?? { kind: "end", text: "" };
  const take = (): Token => {
    const token = peek();
    at += 1;
    return token;
  };
  const fail = (found: Token, expected: string): never => {
    throw refused(`found '${found.text}', expected: ${expected}`);
  };
  const values = (): Set<string> => {
    const open = take();
    if (open.text !== "(") throw refused(`found '${open.text}' expected: '('`);
    const found = new Set<string>();
    for (;;) {
      if (peek().kind === "word") found.add(take().text);
      else found.add("");
      const next = take();
      if (next.text === ")") return found;
      if (next.text !== ",") fail(next, "',', or ')'");
    }
  };
  const requirement = (): LabelMatcher => {
    const negated = peek().text === "!";
    if (negated) take();
    const key = take();
    if (key.kind !== "word" && negated) fail(key, "identifier");
    if (key.kind !== "word")
      throw badRequest(`found '${key.text}', expected: !, identifier, or 'end of string'`);
    const [keyRule] = qualifiedNameRules(key.text);
    if (keyRule !== undefined) throw refused(`<nil>: Invalid value: ${JSON.stringify(key.text)}: ${keyRule}`);
    const name = key.text;
    const read = (labels: Readonly<Record<string, string>> | undefined): string | undefined =>
      labels !== undefined && Object.hasOwn(labels, name) ? labels[name] : undefined;
    if (negated) return (labels) => read(labels) === undefined;
    const operator = peek();
    if (operator.kind === "end" || operator.text === ",") return (labels) => read(labels) !== undefined;
    take();
    if (operator.text === "in" || operator.text === "notin") {
      const allowed = values();
      for (const [index, value] of [...allowed].entries()) checkValue(value, `values[${index}][${name}]`);
      const inside = operator.text === "in";
      return (labels) => {
        const value = read(labels);
        return value === undefined ? !inside : allowed.has(value) === inside;
      };
    }
    if (!["=", "==", "!=", "<", ">"].includes(operator.text)) {
      fail(operator, "in, notin, =, ==, !=, gt, lt");
    }
    const next = peek();
    if (next.kind === "op" && next.text !== ",") fail(next, "identifier");
    const wanted = next.kind === "word" ? take().text : "";
    checkValue(wanted, `values[0][${name}]`);
    if (operator.text === "!=") return (labels) => read(labels) !== wanted;
    if (operator.text === "=" || operator.text === "==") return (labels) => read(labels) === wanted;
    if (!/^-?\d+$/.test(wanted)) {
      throw refused(
        `values[0]: Invalid value: "${wanted}": for 'Gt', 'Lt' operators, the value must be an integer`,
      );
    }
    const above = operator.text === ">";
    return (labels) => {
      const value = read(labels);
      if (value === undefined || !/^-?\d+$/.test(value)) return false;
      return above ? Number(value) > Number(wanted) : Number(value) < Number(wanted);
    };
  };

  const requirements: LabelMatcher[] = [];
  while (peek().kind !== "end") {
    requirements.push(requirement());
    const next = peek();
    if (next.kind === "end") break;
    if (next.text !== ",") throw badRequest(`found '${next.text}', expected: ',' or 'end of string'`);
    take();
    if (peek().kind === "end") throw badRequest("found '', expected: identifier after ','");
  }
  return (labels) => requirements.every((matches) => matches(labels));
}
