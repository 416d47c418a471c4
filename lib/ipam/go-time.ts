/** Nanoseconds since 1970, as Calico's clock gives them. */
export type Nanoseconds = bigint;

/** RFC 3339 in UTC with whole seconds, as Kubernetes stores times. */
export function formatSeconds(now: Nanoseconds): string {
  return `${new Date(Number(now / 1_000_000n)).toISOString().slice(0, 19)}Z`;
}

/**
 * Go's text form of a UTC time, as the CNI plugin writes `timestamp`: up to nine digits of fraction, trailing zeros dropped.
 * Source: projectcalico/calico@87c1590 cni-plugin/pkg/ipamplugin/ipam_plugin.go cmdAdd
 */
export function formatGoTime(now: Nanoseconds): string {
  const seconds = formatSeconds(now).replace("T", " ").slice(0, 19);
  const fraction = (now % 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "");
  return `${seconds}${fraction === "" ? "" : `.${fraction}`} +0000 UTC`;
}

const GO_TIME_UTC = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})? \+0000 UTC$/;
const GO_TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(\.\d{1,9})? ([+-]\d{2})(\d{2}) /;

/** RFC 3339 for a time in Go's text form; null when it is not one. Fraction kept to the millisecond. */
export function parseGoTime(text: string): string | null {
  // Nearly all are UTC, and there are as many as addresses: those are put together from their parts.
  if (GO_TIME_UTC.test(text)) {
    const fraction =
      text[19] === "." ? text.slice(20, text.indexOf(" ", 20)).slice(0, 3).padEnd(3, "0") : "000";
    const utc = `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
    return Number.isNaN(Date.parse(utc)) ? null : utc;
  }
  const parts = GO_TIME.exec(`${text} `);
  if (parts === null) return null;
  const [, day, clock, fraction = "", hours, minutes] = parts;
  const milliseconds = Date.parse(`${day}T${clock}${fraction.slice(0, 4)}${hours}:${minutes}`);
  return Number.isNaN(milliseconds) ? null : new Date(milliseconds).toISOString();
}

/** Nanoseconds of an RFC 3339 text, at millisecond resolution; null when it is not one. */
export function parseSeconds(text: string): Nanoseconds | null {
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? null : BigInt(milliseconds) * 1_000_000n;
}
