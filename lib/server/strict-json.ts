import { ProblemError } from "./problem.ts";

/** Deeper than any body of ours. */
const MAX_DEPTH = 20;

/**
 * JSON.parse that also refuses what two readers may understand differently or what only an attacker sends: an object
 * that names a key twice, a key `__proto__`, more than 20 levels. Throws ProblemError `invalid-json`.
 */
export function parseStrictJson(text: string): unknown {
  checkKeys(text);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ProblemError("invalid-json", error instanceof Error ? error.message : "not JSON");
  }
}

/** Walks the text once. On text that is not JSON it only has to end; JSON.parse then says what is wrong. */
function checkKeys(text: string): void {
  /** Keys seen per open object; null for an open array. */
  const open: (Set<string> | null)[] = [];
  let keyNext = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "{" || character === "[") {
      if (open.length === MAX_DEPTH) {
        throw new ProblemError("invalid-json", `the body is nested more than ${MAX_DEPTH} levels deep`);
      }
      open.push(character === "{" ? new Set() : null);
      keyNext = character === "{";
    } else if (character === "}" || character === "]") {
      open.pop();
      keyNext = false;
    } else if (character === ",") {
      keyNext = Boolean(open.at(-1));
    } else if (character === '"') {
      const end = stringEnd(text, at);
      const keys = open.at(-1);
      if (keyNext && keys) addKey(keys, text.slice(at, end + 1));
      keyNext = false;
      at = end;
    }
  }
}

/** Index of the closing quote of the string that opens at `start`, or of the last character. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return text.length - 1;
}

function addKey(keys: Set<string>, quoted: string): void {
  let key: string;
  try {
    key = String(JSON.parse(quoted));
  } catch {
    return;
  }
  if (key === "__proto__") throw new ProblemError("invalid-json", 'the key "__proto__" is refused');
  if (keys.has(key)) throw new ProblemError("invalid-json", `the key ${JSON.stringify(key)} appears twice`);
  keys.add(key);
}
