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

/**
 * `parseGoTime` in milliseconds since 1970; NaN when it is not one. Of a UTC time it takes a quarter of making that text and
 * reading it, and as many are read as there are addresses.
 */
export function goMilliseconds(text: string): number {
  if (!text.endsWith(utcSuffix)) return byText(text);
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  const fraction = readFraction(text, text.length - utcSuffix.length);
  // Days that a month may not have, and years that Date.UTC takes for others, are left to those who know.
  const isSure = year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 ? 28 : 30);
  if (!isSure || !(hour < 24 && minute < 60 && second < 60 && fraction >= 0) || !isSeparated(text))
    return byText(text);
  return Date.UTC(year, month - 1, day, hour, minute, second, fraction);
}

const utcSuffix = " +0000 UTC";
const [dash, blank, colon, point] = [45, 32, 58, 46];

function byText(text: string): number {
  return Date.parse(parseGoTime(text) ?? "");
}

function isSeparated(text: string): boolean {
  const at = (index: number, code: number) => text.charCodeAt(index) === code;
  return at(4, dash) && at(7, dash) && at(10, blank) && at(13, colon) && at(16, colon);
}

/** Of the one to nine digits up to `end`, which are all looked at, the first three; 0 when there is no fraction. */
function readFraction(text: string, end: number): number {
  if (end === 19) return 0;
  if (text.charCodeAt(19) !== point || end < 21 || end > 29) return Number.NaN;
  const all = digits(text, 20, end);
  return all >= 0 ? digits(text, 20, Math.min(end, 23)) * 10 ** Math.max(0, 23 - end) : Number.NaN;
}

/** NaN: one of them is none. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
