/** As Chromium writes the times of a PDF: `(D:20261129220226+00'00')`, always as long. */
const written = /\(D:\d{14}\+00'00'\)/g;

/** A PDF that says it was made at `time` (RFC 3339), so that the same page is the same bytes; null leaves it as it is. */
export function datedPdf(bytes: Uint8Array, time: string | null): Uint8Array {
  if (time === null) return bytes;
  const digits = new Date(time).toISOString().slice(0, 19).replaceAll(/\D/g, "");
  // Latin-1 gives every byte back as it was.
  const text = Buffer.from(bytes).toString("latin1");
  return Buffer.from(text.replaceAll(written, `(D:${digits}+00'00')`), "latin1");
}
