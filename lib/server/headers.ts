/** On every answer, pages and static files too. */
export const baseHeaders: Readonly<Record<string, string>> = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
};

/** Only on answers that go by TLS. */
export const strictTransport = ["Strict-Transport-Security", "max-age=31536000"] as const;

/** For answers that are data: were one opened as a page, it could load and do nothing. */
const dataPolicy =
  "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

/** For pages. `style-src-attr` is for the `style` attributes that Mantine renders on the server. */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join("; ");
}

/** What every answer of the API carries, and every problem that is answered before a route is reached. */
export const dataHeaders: Readonly<Record<string, string>> = {
  ...baseHeaders,
  "Content-Security-Policy": dataPolicy,
  "Cache-Control": "no-store",
};
