/** A map as the read use case makes it: encoded once per version, and compressed once if anybody asks for that. */
interface EncodedMap {
  readonly etag: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly gzip: () => Promise<Uint8Array<ArrayBuffer>>;
}

/** Fewer bytes are not worth compressing: they fit into one packet as they are. */
const leastCompressed = 1024;

/**
 * Answers with the map, or with 304 when the browser has this version already. `isKept`: false for an answer to a question that
 * nobody asks twice.
 */
export async function poolMapResponse(
  request: Request,
  map: EncodedMap,
  { isKept = true } = {},
): Promise<Response> {
  const headers = new Headers({
    "Content-Type": "application/octet-stream",
    "Cache-Control": isKept ? "private, no-cache" : "no-store",
    ...(isKept ? { ETag: map.etag } : {}),
    Vary: "Accept-Encoding",
  });
  const known = (request.headers.get("if-none-match") ?? "")
    .split(",")
    // A proxy that compresses makes them weak.
    .map((tag) => tag.trim().replace(/^W\//, ""));
  if (isKept && (known.includes(map.etag) || known.includes("*")))
    return new Response(null, { status: 304, headers });
  // Our front has read Accept-Encoding, and gives this header its right name: Next would drop it.
  const isCompressed = request.headers.get("x-poolboard-gzip") === "1" && map.body.length >= leastCompressed;
  if (!isCompressed) return new Response(map.body, { headers });
  headers.set("x-poolboard-encoding", "gzip");
  return new Response(await map.gzip(), { headers });
}
