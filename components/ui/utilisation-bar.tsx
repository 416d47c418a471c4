import { countText, percentOf } from "./count.ts";
import classes from "./utilisation-bar.module.css";

type SegmentKind = "used" | "tunnel" | "leak" | "cooling" | "reserved";
export interface Segment {
  readonly kind: SegmentKind;
  readonly label: string;
  readonly value: number | bigint | string;
}

/** Shares of the whole, in per cent, from which a bar warns and alarms. */
const thresholds = { warn: 75, crit: 90 } as const;
export type Level = "ok" | "warn" | "crit";

/** The level of a share in per cent. */
export function levelOf(percent: number): Level {
  if (percent >= thresholds.crit) return "crit";
  return percent >= thresholds.warn ? "warn" : "ok";
}

interface Props {
  readonly segments: readonly Segment[];
  readonly capacity: number | bigint | string;
  /** Colours the `used` segment; a block is never alarming, so blocks leave it out. */
  readonly level?: Level;
  /** Ticks at the thresholds under the bar. */
  readonly ticks?: boolean;
  /** What the bar is about; the numbers are added. */
  readonly label: string;
}

/** A stacked bar. Its text alternative names every part; the figures beside it are the caller's. */
export function UtilisationBar({ segments, capacity, level = "ok", ticks = false, label }: Props) {
  const shown = segments.filter((segment) => BigInt(segment.value) > 0n);
  const words = shown.map((segment) => `${countText(segment.value)} ${segment.label}`);
  return (
    <div
      className={classes.bar}
      role="img"
      aria-label={`${label}: ${words.length > 0 ? words.join(", ") : "nothing"} of ${countText(capacity)}`}
    >
      <div className={classes.track}>
        {shown.map((segment) => (
          <span
            key={segment.kind}
            className={classes.segment}
            data-kind={segment.kind}
            data-level={segment.kind === "used" ? level : undefined}
            style={{ width: `${percentOf(segment.value, capacity)}%` }}
          />
        ))}
      </div>
      {ticks ? <span className={classes.ticks} /> : null}
    </div>
  );
}
