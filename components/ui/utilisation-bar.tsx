import { defaultThresholds, type Level, type Thresholds } from "@/lib/format/level.ts";
import { countText, percentOf } from "./count.ts";
import classes from "./utilisation-bar.module.css";

type SegmentKind = "used" | "tunnel" | "leak" | "cooling" | "reserved";
export interface Segment {
  readonly kind: SegmentKind;
  readonly label: string;
  readonly value: number | bigint | string;
}

interface Props {
  readonly segments: readonly Segment[];
  readonly capacity: number | bigint | string;
  /** Colours the `used` segment; a block is never alarming, so blocks leave it out. */
  readonly level?: Level;
  /** Ticks at these under the bar; `true`: at the usual ones. */
  readonly ticks?: boolean | Thresholds;
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
      {ticks === false ? null : <Ticks at={ticks === true ? defaultThresholds : ticks} />}
    </div>
  );
}

/** A tick at each threshold, where the bar would begin to warn and to alarm. */
export function Ticks({ at: { warn, crit } }: { at: Thresholds }) {
  return (
    <span className={classes.ticks}>
      <span style={{ left: `${warn}%` }} />
      <span style={{ left: `${crit}%` }} />
    </span>
  );
}
