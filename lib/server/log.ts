import pino from "pino";
import { shared } from "./shared.ts";

const secretKeys = [
  "authorization",
  "cookie",
  "set-cookie",
  "token",
  "password",
  "certificate",
  "key",
  "code",
];

/**
 * Removes what looks like a credential from a text that somebody else wrote: bearer tokens, `user:password@` in URLs,
 * JSON web tokens and PEM blocks.
 */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(/-----BEGIN [^-]+-----[\s\S]*?(-----END [^-]+-----|$)/g, "[pem]")
    .replaceAll(/\b(Bearer|Basic)\s+([\w.~+/=-]+)/gi, (all, scheme: string, rest: string) =>
      isWord(rest) ? all : `${scheme} [redacted]`,
    )
    .replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "[token]")
    .replaceAll(/\/\/[^/\s:@]+:[^/\s@]+@/g, "//[redacted]@");
}

/** What prose has behind "bearer" or "basic". A token of our own is never that short. */
const isWord = (text: string) => /^([a-z]{1,7}|authentication|credentials?)\.?$/.test(text);

function cleanError(error: Error): object {
  const { name, message, stack } = error;
  return { name, message: withoutSecrets(message), stack: stack && withoutSecrets(stack) };
}

export function makeLogger(destination: pino.DestinationStream): pino.Logger {
  return pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => (error instanceof Error ? cleanError(error) : "not an error") },
      redact: { paths: secretKeys.flatMap((key) => [`["${key}"]`, `*["${key}"]`]), censor: "[redacted]" },
    },
    destination,
  );
}

/** JSON lines on stderr. Fields are chosen one by one; no request, object or configuration is ever logged whole. */
export const log = shared("log", () => makeLogger(pino.destination({ dest: 2, sync: true })));
