import { formatAge } from "@/lib/format/age.ts";
import { useNow } from "./clock.ts";
import { countParts, formatPercent, type Numeric } from "./count.ts";
import classes from "./value.module.css";
import { visibleText } from "./visible-text.ts";

/** Text that came from the cluster or from a person: isolated in direction, nothing in it invisible. */
export function Foreign({ children }: { children: string }) {
  return <bdi>{visibleText(children)}</bdi>;
}

/** Addresses, CIDRs, node names, selectors, error texts. Never wrapped unless `wrap`. */
export function Mono({ children, wrap = false }: { children: string; wrap?: boolean }) {
  return (
    <bdi className={classes.mono} data-wrap={wrap || undefined}>
      {visibleText(children)}
    </bdi>
  );
}

/** A count with thousands separators; from 2³² on as a power of two, exact on hover. Zeros are quiet. */
export function Count({ value }: { value: Numeric }) {
  const parts = countParts(value);
  if (parts.exponent === null) return <span data-zero={parts.text === "0" || undefined}>{parts.text}</span>;
  return (
    <span title={parts.exact}>
      {parts.text}
      <sup>{parts.exponent}</sup>
    </span>
  );
}

/** “951 of 1,024”: the first number strong, the rest quiet. */
export function CountOf({ value, of }: { value: Numeric; of: Numeric }) {
  return (
    <span className={classes.countOf}>
      <b>
        <Count value={value} />
      </b>{" "}
      of <Count value={of} />
    </span>
  );
}

/** Share of a whole, rounded as calicoctl rounds, but never to a 0 % or a 100 % that would lie. */
export function Percent({ value, of }: { value: Numeric; of: Numeric }) {
  return <>{formatPercent(value, of)}</>;
}

/** One-unit age of an RFC 3339 time; the time itself in UTC on hover. */
export function Age({ since, suffix = "" }: { since: string | null; suffix?: string }) {
  const now = useNow(5);
  if (since === null) return <Unknown />;
  const at = Date.parse(since);
  if (Number.isNaN(at)) return <Unknown reason={`unreadable time: ${visibleText(since)}`} />;
  return (
    <time dateTime={since} title={`${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`}>
      {formatAge(Math.max(0, now - at) / 1000)}
      {suffix}
    </time>
  );
}

/** What could not be read. Never drawn as zero. */
export function Unknown({ reason }: { reason?: string }) {
  return (
    <span className={classes.unknown} title={reason}>
      unknown
    </span>
  );
}

export function NotApplicable() {
  return <span className={classes.quiet}>n/a</span>;
}
