"use client";
import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { formatCount } from "@/components/ui/count.ts";
import { Glyph } from "@/components/ui/glyph.tsx";
import { sentence } from "@/components/ui/sentence.ts";
import { Age, Foreign } from "@/components/ui/value.tsx";
import type { ActivityWatch } from "@/lib/contract/activity.ts";
import { watchWords } from "../pools/after-write-words.ts";
import classes from "./watched.module.css";

/** Findings shown at first. */
const few = 12;

/** The minutes after a write: the verdict, or what has been seen so far. */
export function Watched({ watch }: { watch: ActivityWatch }) {
  const [all, setAll] = useState(false);
  const { shape, tone, head, text } = watchWords(watch);
  const { findings } = watch;
  const shown = all ? findings : findings.slice(0, few);
  return (
    <section className={classes.watched} aria-label="Afterwards">
      <h3 className={classes.head}>
        <Glyph shape={shape} tone={tone} />
        {head}
      </h3>
      <p>
        <Foreign>{watch.verdict === null ? sentence(text) : text}</Foreign>
      </p>
      {shown.length === 0 ? null : (
        <ul className={classes.findings}>
          {shown.map(({ kind, subject, detail, at }) => (
            <li key={`${kind} ${subject.namespace ?? ""}/${subject.name} ${detail}`}>
              <span className={classes.subject}>
                {subject.kind}{" "}
                <Foreign>
                  {subject.namespace === undefined ? subject.name : `${subject.namespace}/${subject.name}`}
                </Foreign>
              </span>
              <Age since={at} suffix=" ago" />
              <span className={classes.detail}>
                <Foreign>{detail}</Foreign>
              </span>
            </li>
          ))}
        </ul>
      )}
      {findings.length > shown.length ? (
        <UnstyledButton className={classes.more} onClick={() => setAll(true)}>
          Show {formatCount(findings.length - shown.length)} more
        </UnstyledButton>
      ) : null}
    </section>
  );
}
