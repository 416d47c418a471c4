"use client";
import { UnstyledButton } from "@mantine/core";
import { useMemo } from "react";
import { formatCount } from "../ui/count.ts";
import { Foreign } from "../ui/value.tsx";
import type { ColourKey } from "./colour-scheme.ts";
import type { Colouring } from "./colouring.ts";
import classes from "./legend.module.css";
import { countMarks, marks } from "./model.ts";
import { markLabels } from "./words.ts";

interface Props {
  /** How many blocks have each set of flags. */
  readonly flags: Uint32Array;
  readonly colouring: Colouring;
  /** The key that filters; null: none does. */
  readonly only: string | null;
  readonly onOnly: (id: string | null) => void;
}

/** Every colour and mark with how many blocks have it; each is a filter, a second click takes it away. */
export function MapLegend({ flags, colouring, only, onOnly }: Props) {
  const counts = useMemo(() => countMarks(flags), [flags]);
  const toggle = (id: string) => onOnly(only === id ? null : id);
  const [unclaimed, , ...colours] = colouring.keys;
  const isRamp = colouring.mode !== "node" && colouring.mode !== "namespace";
  const ramp = isRamp ? colours.filter(({ look, label }) => look !== "dashed" && label !== "") : [];
  const named = colours.filter((key) => !ramp.includes(key) && key.count > 0);
  return (
    <div className={classes.legend} role="group" aria-label="Legend; each key shows only its blocks">
      {ramp.length === 0 ? null : (
        <div className={classes.ramp}>
          {ramp.map((key) => (
            <UnstyledButton
              key={key.id}
              className={classes.depth}
              aria-pressed={only === key.id}
              aria-label={`${rampWords[colouring.mode]} ${key.label}: ${formatCount(key.count)} blocks`}
              onClick={() => toggle(key.id)}
            >
              <span className={classes.swatch} data-look={key.look} style={groundOf(key)} />
              <b>{formatCount(key.count)}</b>
              <span className={classes.range}>{key.label}</span>
            </UnstyledButton>
          ))}
        </div>
      )}
      {named.map((key) => (
        <Key key={key.id} id={key.id} count={key.count} only={only} onClick={toggle}>
          <span className={classes.sign} data-look={key.look} style={groundOf(key)}>
            {key.letter}
          </span>
          <Foreign>{key.label}</Foreign>
        </Key>
      ))}
      {unclaimed === undefined || unclaimed.count === 0 ? null : (
        <Key id="unclaimed" count={unclaimed.count} only={only} onClick={toggle}>
          <span className={classes.sign} data-key="unclaimed" />
          Unclaimed
        </Key>
      )}
      {marks.map((mark) =>
        counts[mark] === 0 ? null : (
          <Key key={mark} id={mark} count={counts[mark]} only={only} onClick={toggle}>
            <span className={classes.sign} data-key={mark} />
            {markLabels[mark]}
          </Key>
        ),
      )}
    </div>
  );
}

/** What the number under a ramp counts. */
const rampWords = { use: "In use", age: "Claimed for", borrowing: "Lent", node: "", namespace: "" } as const;

function Key({
  id,
  count,
  only,
  onClick,
  children: [sign, words],
}: {
  id: string;
  count: number;
  only: string | null;
  onClick: (id: string) => void;
  children: readonly [React.ReactNode, React.ReactNode];
}) {
  return (
    <UnstyledButton className={classes.mark} aria-pressed={only === id} onClick={() => onClick(id)}>
      {sign}
      <span className={classes.words}>
        <b>{formatCount(count)}</b>
        <span className={classes.range}>{words}</span>
      </span>
    </UnstyledButton>
  );
}

function groundOf({ look, fill }: ColourKey): React.CSSProperties {
  return look === "fill" || look === "edged" ? { background: `var(--pb-${fill})` } : {};
}
