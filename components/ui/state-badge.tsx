import { Glyph, type GlyphShape, type Tone } from "./glyph.tsx";
import classes from "./state-badge.module.css";

export interface State {
  readonly shape: GlyphShape;
  readonly tone: Tone;
  readonly word: string;
  /** Why; every state but a good one has it. */
  readonly reason?: React.ReactNode;
}

/** Glyph, word and reason. `inline` puts the reason behind the word instead of under it. */
export function StateBadge({ state, inline = false }: { state: State; inline?: boolean }) {
  return (
    <span className={classes.badge} data-inline={inline || undefined}>
      <Glyph shape={state.shape} tone={state.tone} />
      <span className={classes.words}>
        <span className={classes.word}>{state.word}</span>
        {state.reason ? <span className={classes.reason}>{state.reason}</span> : null}
      </span>
    </span>
  );
}
