import type { PoolCreateResult } from "@/lib/contract/pools.ts";
import { Glyph, type GlyphShape, type Tone } from "../ui/glyph.tsx";
import { Foreign, Mono } from "../ui/value.tsx";
import classes from "./create-results.module.css";

const outcomes: Record<PoolCreateResult["outcome"], { shape: GlyphShape; tone: Tone; word: string }> = {
  valid: { shape: "dot", tone: "ok", word: "Valid" },
  created: { shape: "dot", tone: "ok", word: "Created" },
  refused: { shape: "cross", tone: "crit", word: "Refused" },
  skipped: { shape: "ring", tone: "muted", word: "Not tried" },
  unknown: { shape: "triangle", tone: "warn", word: "Outcome unknown" },
};

export function created(result: PoolCreateResult): boolean {
  return result.outcome === "created";
}

/** What became of each document, or would, field by field. */
export function CreateResults({ results }: { results: readonly PoolCreateResult[] }) {
  return (
    <ol className={classes.results} aria-label="Documents">
      {results.map((result) => (
        <Result key={result.index} result={result} />
      ))}
    </ol>
  );
}

function Result({ result }: { result: PoolCreateResult }) {
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
