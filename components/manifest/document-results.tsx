import type { Problem } from "@/lib/contract/problem.ts";
import { Glyph, type GlyphShape, type Tone } from "../ui/glyph.tsx";
import { Foreign, Mono } from "../ui/value.tsx";
import classes from "./document-results.module.css";

/** What became of one document of a manifest, or would. `unchanged`: it stands there already as it is written. */
export interface DocumentResult {
  readonly index: number;
  readonly name: string | null;
  readonly outcome: "valid" | "created" | "changed" | "unchanged" | "refused" | "skipped" | "unknown";
  readonly problem?: Problem | undefined;
  readonly warnings?: readonly string[] | undefined;
}

const outcomes: Record<DocumentResult["outcome"], { shape: GlyphShape; tone: Tone; word: string }> = {
  valid: { shape: "dot", tone: "ok", word: "Valid" },
  created: { shape: "dot", tone: "ok", word: "Created" },
  changed: { shape: "dot", tone: "ok", word: "Changed" },
  unchanged: { shape: "ring", tone: "muted", word: "Nothing to change" },
  refused: { shape: "cross", tone: "crit", word: "Refused" },
  skipped: { shape: "ring", tone: "muted", word: "Not tried" },
  unknown: { shape: "triangle", tone: "warn", word: "Outcome unknown" },
};

/** Whether a document stands in the cluster as it is written. */
export function isThere({ outcome }: DocumentResult): boolean {
  return outcome === "created" || outcome === "changed" || outcome === "unchanged";
}

/** Whether a document would go through. */
export function isGood({ outcome }: DocumentResult): boolean {
  return outcome === "valid" || outcome === "unchanged";
}

/** What became of each document, or would, field by field. */
export function DocumentResults({ results }: { results: readonly DocumentResult[] }) {
  return (
    <ol className={classes.results} aria-label="Documents">
      {results.map((result) => (
        <Result key={result.index} result={result} />
      ))}
    </ol>
  );
}

function Result({ result }: { result: DocumentResult }) {
  const { shape, tone, word } = outcomes[result.outcome];
  const { problem, warnings = [] } = result;
  const errors = problem?.errors ?? [];
  return (
    <li className={classes.result}>
      <div className={classes.line}>
        <Glyph shape={shape} tone={tone} />
        <b>{result.name === null ? `Document ${result.index + 1}` : <Foreign>{result.name}</Foreign>}</b>
        <span className={classes.quiet}>{word}</span>
      </div>
      {problem !== undefined && errors.length === 0 ? (
        <p className={classes.message}>
          <Foreign>{problem.detail || problem.title}</Foreign>
        </p>
      ) : null}
      {errors.map((error) => (
        <p key={`${error.field} ${error.message}`} className={classes.message}>
          {error.field === "" ? null : (
            <>
              <Mono wrap>{error.field}</Mono>{" "}
            </>
          )}
          <Foreign>{error.message}</Foreign>
        </p>
      ))}
      {warnings.map((warning) => (
        <p key={warning} className={classes.warning}>
          <Foreign>{warning}</Foreign>
        </p>
      ))}
    </li>
  );
}
