import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { takesGzip } from "./front-headers.ts";

/** An answer as bytes, for everybody who is given it. */
export interface Encoded {
  /** Of the content: made at another version it is the same when that changed something else. */
  readonly etag: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Compressed once for everybody, on another thread. */
  readonly gzip: () => Promise<Uint8Array<ArrayBuffer>>;
}

const compress = promisify(gzip);

export function encoded(body: Uint8Array<ArrayBuffer>): Encoded {
  let made: ReturnType<Encoded["gzip"]> | null = null;
  const compressed = () => (made ??= compress(body).then((bytes) => new Uint8Array(bytes)));
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  return { etag, body, gzip: compressed };
}

/** Fewer bytes are not worth compressing: they fit into one packet as they are. */
const leastCompressed = 1024;

/** Answers with the bytes, or with 304 when the caller has them already. `isTagged`: false where nobody asks the same twice. */
export async function encodedResponse(
  request: Request,
  { etag, body, gzip: compressed }: Encoded,
  init: Readonly<Record<string, string>>,
  { isTagged = true } = {},
): Promise<Response> {
  const headers = new Headers({ ...init, ...(isTagged ? { ETag: etag } : {}), Vary: "Accept-Encoding" });
  if (isTagged && isKnown(request, etag)) return new Response(null, { status: 304, headers });
  if (!takesGzip(request) || body.length < leastCompressed) return new Response(body, { headers });
  // Our front gives this header its right name: Next would drop it.
  headers.set("x-poolboard-encoding", "gzip");
  return new Response(await compressed(), { headers });
}

function isKnown(request: Request, etag: string): boolean {
  const known = (request.headers.get("if-none-match") ?? "")
    .split(",")
    // A proxy that compresses makes them weak.
    .map((tag) => tag.trim().replace(/^W\//, ""));
  return known.includes(etag) || known.includes("*");
}
