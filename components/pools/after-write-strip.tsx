"use client";
import { UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import type { ActivityWatch } from "@/lib/contract/activity.ts";
import { activityQueries } from "@/lib/queries/activity.ts";
import { useShot } from "../shot/use-shot.ts";
import { useNow } from "../ui/clock.ts";
import { formatCount } from "../ui/count.ts";
import { Glyph } from "../ui/glyph.tsx";
import { sentence } from "../ui/sentence.ts";
import { Age, Foreign } from "../ui/value.tsx";
import { didWords, isInSight, watchWords } from "./after-write-words.ts";
import classes from "./after-write-strip.module.css";
import { activityHref } from "./activity-href.ts";

/** Findings shown here; the log has all of them. */
const SHOWN = 8;

/** The minutes after the last write to a pool, whoever made it: what has moved, failed or been put back since, and the verdict. */
export function AfterWriteStrip({ pool }: { pool: string }) {
  const shot = useShot();
  const { data } = useQuery({
    ...activityQueries.newest({ kind: "IPPool", object: pool, result: "done" }, 1),
    enabled: !shot,
  });
  const now = useNow(30);
  const [isOpen, setOpen] = useState(false);
  const entry = data?.items?.[0];
  if (entry?.watch == null || !isInSight(entry, now)) return null;
  const { watch } = entry;
  const { shape, tone, head, text } = watchWords(watch);
  const { findings } = watch;
  return (
    <section
      className={classes.strip}
      aria-label="After the last change"
      data-tone={tone}
      role={tone === "crit" ? "alert" : "status"}
    >
      <Glyph shape={shape} tone={tone} />
      <p className={classes.text}>
        <span className={classes.head}>{head}:</span>{" "}
        <Foreign>{watch.verdict === null ? text : sentence(text)}</Foreign>{" "}
        <span className={classes.who}>
          · <Foreign>{didWords(entry)}</Foreign> <Age since={entry.at} suffix=" ago" />
        </span>
      </p>
      <span className={classes.tools}>
        {findings.length === 0 ? null : (
          <UnstyledButton className={classes.tool} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? "Hide" : `Show ${formatCount(findings.length)}`}
          </UnstyledButton>
        )}
        <Link className={classes.tool} prefetch={false} href={activityHref(entry.id)}>
          In the log
        </Link>
      </span>
      {isOpen ? <Findings findings={findings} /> : null}
    </section>
  );
}

function Findings({ findings }: Pick<ActivityWatch, "findings">) {
  return (
    <ul className={classes.findings}>
      {findings.slice(0, SHOWN).map(({ kind, subject, detail, at }) => (
        <li key={`${kind} ${subject.namespace ?? ""}/${subject.name} ${detail}`}>
          <span className={classes.subject}>
            <Foreign>{subject.namespace ? `${subject.namespace}/${subject.name}` : subject.name}</Foreign>
          </span>
          <span className={classes.detail}>
            <Foreign>{detail}</Foreign>
          </span>
          <Age since={at} suffix=" ago" />
        </li>
      ))}
      {findings.length > SHOWN ? <li>and {formatCount(findings.length - SHOWN)} more in the log</li> : null}
    </ul>
  );
}
