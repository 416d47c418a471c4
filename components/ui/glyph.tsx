import classes from "./glyph.module.css";

/** The shape says the state; the tone only repeats it. */
export type GlyphShape = "dot" | "triangle" | "ring" | "half" | "squares" | "cross" | "barred" | "square";
export type Tone = "ok" | "warn" | "crit" | "muted";

const shapes: Record<GlyphShape, React.ReactNode> = {
  dot: <circle cx="5" cy="5" r="4.5" fill="currentColor" />,
  triangle: <path d="M5 .6 9.8 9.4H.2z" fill="currentColor" />,
  ring: <circle cx="5" cy="5" r="3.75" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  half: (
    <>
      <circle cx="5" cy="5" r="3.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M5 1.2a3.8 3.8 0 0 1 0 7.6z" fill="currentColor" />
    </>
  ),
  squares: (
    <path
      d="M.75.75h5.5v5.5H.75zM3.75 3.75h5.5v5.5h-5.5z"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
    />
  ),
  cross: <path d="m1.2 1.2 7.6 7.6m0-7.6L1.2 8.8" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  barred: (
    <>
      <circle cx="5" cy="5" r="4.1" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M2.4 5h5.2" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  square: <path d="M1 1h8v8H1z" fill="currentColor" />,
};

/** A 10 px mark before a word. Decorative: the word beside it carries the meaning. */
export function Glyph({ shape, tone }: { shape: GlyphShape; tone: Tone }) {
  return (
    <svg className={classes.glyph} data-tone={tone} viewBox="0 0 10 10" aria-hidden="true">
      {shapes[shape]}
    </svg>
  );
}
