import { DialogRow } from "../ui/dialog.tsx";
import { Glyph, type GlyphShape, type Tone } from "../ui/glyph.tsx";
import { Foreign } from "../ui/value.tsx";
import classes from "./delete-dialog.module.css";
import type { ShownStep } from "./delete-progress.ts";

const outcomes: Record<ShownStep["outcome"], { shape: GlyphShape; tone: Tone; word: string }> = {
  done: { shape: "dot", tone: "ok", word: "Done" },
  running: { shape: "half", tone: "muted", word: "Under way" },
  planned: { shape: "ring", tone: "muted", word: "Planned" },
  skipped: { shape: "ring", tone: "muted", word: "Not reached" },
  failed: { shape: "cross", tone: "crit", word: "Failed" },
  unknown: { shape: "triangle", tone: "warn", word: "Outcome unknown" },
};

const names: Record<ShownStep["name"], string> = {
  check: "Check that nothing uses it",
  disable: "Disable it",
  wait: "Wait",
  releaseAffinities: "Release its blocks",
  delete: "Delete the object",
};

/** What is done, in Calico's own order, and how far it is. */
export function DeleteSteps({ steps }: { steps: readonly ShownStep[] }) {
  return (
    <DialogRow head={<span>Steps</span>} what="in Calico's own order">
      <ol className={classes.steps} aria-live="polite">
        {steps.map(({ name, outcome, detail }) => {
          const { word, ...glyph } = outcomes[outcome];
          return (
            <li key={name} className={classes.step}>
              <Glyph {...glyph} />
              <span className={classes.name}>{names[name]}</span>
              <span className={classes.detail}>
                {outcome === "planned" || outcome === "done" ? null : `${word}. `}
                <Foreign>{detail}</Foreign>
              </span>
            </li>
          );
        })}
      </ol>
    </DialogRow>
  );
}
