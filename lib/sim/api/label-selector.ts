import { badRequest } from "./status.ts";

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
    throw badRequest(`unable to parse requirement: found '${found.text}', expected: ${expected}`);
  };
  const values = (): Set<string> => {
    const open = take();
    if (open.text !== "(") fail(open, "'('");
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
    if (key.kind !== "word") fail(key, negated ? "identifier" : "!, identifier, or 'end of string'");
    const name = key.text;
    const read = (labels: Readonly<Record<string, string>> | undefined): string | undefined =>
      labels !== undefined && Object.hasOwn(labels, name) ? labels[name] : undefined;
    if (negated) return (labels) => read(labels) === undefined;
    const operator = peek();
    if (operator.kind === "end" || operator.text === ",") return (labels) => read(labels) !== undefined;
    take();
    if (operator.text === "in" || operator.text === "notin") {
      const allowed = values();
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
    if (operator.text === "!=") return (labels) => read(labels) !== wanted;
    if (operator.text === "=" || operator.text === "==") return (labels) => read(labels) === wanted;
    if (!/^-?\d+$/.test(wanted)) {
      throw badRequest(
        `values[0][${name}]: Invalid value: "${wanted}": for 'Gt', 'Lt' operators, the value must be an integer`,
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
    if (next.text !== ",") fail(next, "',' or 'end of string'");
    take();
    if (peek().kind === "end") fail(peek(), "identifier after ','");
  }
  return (labels) => requirements.every((matches) => matches(labels));
}
