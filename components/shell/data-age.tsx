"use client";
import { UnstyledButton } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type Freshness, staleAfterMs } from "@/lib/queries/freshness.ts";
import { pauseLive, reconnect, resumeLive } from "@/lib/queries/live.ts";
import { useFreshness } from "@/lib/queries/use-live.ts";
import { formatAge } from "@/lib/format/age.ts";
import { useNow } from "../ui/clock.ts";
import { Glyph } from "../ui/glyph.tsx";
import classes from "./data-age.module.css";

/** From here on the age is written in amber, in milliseconds. */
const oldMs = 30_000;

interface Words {
  readonly tone: "live" | "paused" | "warn" | "crit";
  readonly long: string;
  readonly short: string;
  /** What a click does. */
  readonly action: string;
}

/** How old the screen is, in words. Exported for its test. */
export function ageWords(freshness: Freshness, now: number): Words {
  const { connection, currentAt, pausedAt } = freshness;
  if (pausedAt !== null) {
    const time = new Date(pausedAt).toLocaleTimeString("en-GB");
    return { tone: "paused", long: `Paused at ${time}`, short: "Paused", action: "Show changes again" };
  }
  if (currentAt === null) {
    if (connection === "lost")
      return { tone: "crit", long: "No connection", short: "Down", action: "Try again now" };
    const long = freshness.unread ? "Reading the cluster" : "Connecting";
    return { tone: "paused", long, short: "…", action: "Try again now" };
  }
  const ageMs = Math.max(0, now - currentAt);
  const age = formatAge(ageMs / 1000);
  if (connection === "lost" || ageMs >= staleAfterMs) {
    return { tone: "crit", long: `No data for ${age}`, short: age, action: "Try again now" };
  }
  if (ageMs >= oldMs || freshness.serverStale) {
    return { tone: "warn", long: `${age} old, reconnecting`, short: age, action: "Try again now" };
  }
  return {
    tone: "live",
    long: `Live, ${age} old`,
    short: age,
    action: "Pause, so that nothing on the screen changes",
  };
}

/** The age of what is shown; a click pauses and goes on, or tries the connection again. */
export function DataAge() {
  const client = useQueryClient();
  const freshness = useFreshness();
  const now = useNow(1);
  const words = ageWords(freshness, now);
  const act = () => {
    if (words.tone === "live") pauseLive();
    else if (freshness.pausedAt !== null) resumeLive(client);
    else reconnect();
  };
  return (
    <UnstyledButton className={classes.age} data-tone={words.tone} title={words.action} onClick={act}>
      <AgeMark tone={words.tone} />
      <span className={classes.long}>{words.long}</span>
      <span className={classes.short} aria-hidden="true">
        {words.short}
      </span>
    </UnstyledButton>
  );
}

function AgeMark({ tone }: { tone: Words["tone"] }) {
  if (tone === "live") return <span className={classes.dot} />;
  if (tone === "paused") return <Glyph shape="square" tone="muted" />;
  return <Glyph shape="triangle" tone={tone} />;
}
