import { type Document, isAlias, isMap, isNode, isScalar, isSeq, parseAllDocuments, type Scalar } from "yaml";
import { fieldPath } from "./field-path.ts";
import type { FieldError } from "./problem.ts";

const MAX_DOCUMENTS = 50;
const MAX_DEPTH = 20;
/** No manifest of people is as long, or as wide; the parser takes a second for one that fills 256 KB with brackets. */
const MAX_LINES = 10_000;
const MAX_LINE_LENGTH = 16_384;

/** One document of a manifest: its value, or what is wrong with it. */
export interface ManifestDocument {
  /** It is YAML and a map, though perhaps with errors. */
  readonly isReadable: boolean;
  /** Null when there are errors. */
  readonly value: Readonly<Record<string, unknown>> | null;
  /** `metadata.name` as far as there is one. */
  readonly name: string | null;
  readonly errors: readonly FieldError[];
}

/** A text of which no document can be taken. `syntax`: it is not YAML; else it holds none, too many, or is too large. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
  readonly syntax: boolean;
  readonly errors: readonly FieldError[];

  constructor(syntax: boolean, message: string, errors: readonly FieldError[]) {
    super(message);
    this.syntax = syntax;
    this.errors = errors;
  }
}

/**
 * Splits a YAML text into its documents, empty ones left out. Stricter than YAML: what two readers may understand
 * differently (`026`, `yes`, `1_000`, a key twice), aliases, anchors, tags, directives and more than 20 levels are
 * errors of their document. Throws ManifestError when no document can be read as YAML, when there is none, or more than 50.
 */
export function readDocuments(text: string): ManifestDocument[] {
  const lines = text.split("\n");
  if (lines.length > MAX_LINES) throw refuse(`has more than ${MAX_LINES} lines`);
  if (lines.some((line) => line.length > MAX_LINE_LENGTH)) {
    throw refuse(`has a line of more than ${MAX_LINE_LENGTH} characters`);
  }
  const core = parse(text, "core");
  const present = core.filter((document) => !isEmpty(document));
  if (present.length === 0) throw refuse("holds no document");
  if (present.length > MAX_DOCUMENTS) throw refuse(`holds more than ${MAX_DOCUMENTS} documents`);
  if (present.every((document) => document.errors.length > 0)) {
    const errors = present.flatMap(syntaxErrors);
    throw new ManifestError(true, errors.map(({ message }) => message).join("; "), errors);
  }
  const old = parse(text, "yaml-1.1");
  return core.flatMap((document, index) => (isEmpty(document) ? [] : [readDocument(document, old[index])]));
}

function isEmpty({ errors, contents }: Document.Parsed): boolean {
  return errors.length === 0 && isScalar(contents) && contents.value === null && !contents.source;
}

const refuse = (message: string) =>
  new ManifestError(false, `manifest: ${message}`, [{ field: "manifest", message }]);

function parse(text: string, schema: "core" | "yaml-1.1"): Document.Parsed[] {
  try {
    const documents = parseAllDocuments(text, {
      schema,
      version: schema === "core" ? "1.2" : "1.1",
      merge: false,
      // The parser compares every key with every other; `walk` finds doubles in one pass.
      uniqueKeys: false,
      prettyErrors: true,
      logLevel: "silent",
    });
    return [...documents] as Document.Parsed[];
  } catch (error) {
    // The parser recurses: a text of nothing but "[" ends its stack.
    if (error instanceof RangeError) throw new ManifestError(true, "The manifest is nested too deeply.", []);
    throw error;
  }
}

/** The parser's own messages; they name line and column. */
function syntaxErrors({ errors, warnings }: Document.Parsed): FieldError[] {
  return [...errors, ...warnings].map(({ message }) => ({
    field: "",
    message: (message.split("\n", 1)[0] ?? "").replace(/:$/, ""),
  }));
}

function readDocument(document: Document.Parsed, old: Document.Parsed | undefined): ManifestDocument {
  const unreadable = (errors: readonly FieldError[]) => ({
    isReadable: false,
    value: null,
    name: null,
    errors,
  });
  const problems = syntaxErrors(document);
  if (document.directives?.yaml.explicit) {
    problems.push({ field: "", message: "a %YAML directive changes what words mean; leave it out" });
  }
  if (problems.length > 0) return unreadable(problems);
  if (!isMap(document.contents)) {
    return unreadable([{ field: "", message: "is not an object with apiVersion, kind, metadata and spec" }]);
  }
  const errors = walk(document.contents, old?.contents, [], 0);
  const name: unknown = document.getIn(["metadata", "name"]);
  const value: unknown = errors.length > 0 ? null : document.toJS({ maxAliasCount: 0 });
  return {
    isReadable: true,
    value: value as Record<string, unknown> | null,
    name: typeof name === "string" ? name : null,
    errors,
  };
}

/** What is wrong below a node; `old` is the same node as a YAML 1.1 reader (kubectl's) understands it. */
function walk(node: unknown, old: unknown, path: readonly PropertyKey[], depth: number): FieldError[] {
  const field = fieldPath(path);
  if (depth > MAX_DEPTH) return [{ field, message: `is nested more than ${MAX_DEPTH} levels deep` }];
  if (isAlias(node)) return [{ field, message: "uses an alias (*); write the value out" }];
  if (isNode(node)) {
    if ("anchor" in node && node.anchor)
      return [{ field, message: "uses an anchor (&); write the value out" }];
    if (node.tag) return [{ field, message: `uses the tag ${node.tag}; leave it out` }];
  }
  if (isSeq(node)) {
    const oldItems = isSeq(old) ? old.items : [];
    return node.items.flatMap((item, index) => walk(item, oldItems[index], [...path, index], depth + 1));
  }
  if (isMap(node)) {
    const oldItems = isMap(old) ? old.items : [];
    const seen = new Set<string>();
    return node.items.flatMap(({ key, value }, index) => {
      const name: unknown = isScalar(key) ? key.value : null;
      if (typeof name !== "string") return [{ field, message: "has a key that is not text" }];
      if (name === "__proto__" || name === "<<") return [{ field, message: `has a key "${name}"` }];
      if (seen.has(name)) return [{ field: fieldPath([...path, name]), message: "appears twice" }];
      seen.add(name);
      return walk(value, oldItems[index]?.value, [...path, name], depth + 1);
    });
  }
  return isScalar(node) ? checkScalar(node, old, field) : [];
}

/** Plain scalars must mean the same to a YAML 1.1 and a YAML 1.2 reader, and numbers must be plain decimal digits. */
function checkScalar(node: Scalar, old: unknown, field: string): FieldError[] {
  if (node.type !== "PLAIN") return [];
  const source = node.source ?? "";
  const other: unknown = isScalar(old) ? old.value : undefined;
  // A time stays text for us and for Kubernetes, whatever YAML 1.1 makes of it.
  const same = other === node.value || (other instanceof Date && typeof node.value === "string");
  if (!same) {
    return [
      {
        field,
        message: `${source} means different things to different YAML readers; put it in quotes, or write it plainly`,
      },
    ];
  }
  if (typeof node.value === "number" && !/^-?(0|[1-9]\d*)$/.test(source)) {
    return [{ field, message: `${source} is to be written in plain decimal digits` }];
  }
  return [];
}
