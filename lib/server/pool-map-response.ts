/** A map as the read use case makes it: encoded once per version, and compressed once if anybody asks for that. */
interface EncodedMap {
  readonly etag: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly gzip: () => Promise<Uint8Array<ArrayBuffer>>;
}

/** Answers with the map, or with 304 when the browser has this version already. */
export async function poolMapResponse(request: Request, map: EncodedMap): Promise<Response> {
  const headers = new Headers({
    "Content-Type": "application/octet-stream",
    "Cache-Control": "private, no-cache",
    ETag: map.etag,
    Vary: "Accept-Encoding",
  });
  const known = (request.headers.get("if-none-match") ?? "").split(",").map((tag) => tag.trim());
  if (known.includes(map.etag) || known.includes("*")) return new Response(null, { status: 304, headers });
  // Our front has read Accept-Encoding, and gives this header its right name: Next would drop it.
  if (request.headers.get("x-poolboard-gzip") !== "1") return new Response(map.body, { headers });
  headers.set("x-poolboard-encoding", "gzip");
  return new Response(await map.gzip(), { headers });
}
