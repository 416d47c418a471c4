import { NextResponse, type NextRequest } from "next/server";
import { baseHeaders, pagePolicy } from "@/lib/server/headers.ts";

/** Gives each page its own nonce and the page headers. No boundary: what guards data is the wrapper of the routes. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
  const policy = pagePolicy(nonce);
  // Next takes the nonce for its own scripts from the policy on the request.
  const headers = new Headers(request.headers);
  headers.set("Content-Security-Policy", policy);
  headers.set("x-nonce", nonce);
  const response = NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(baseHeaders)) response.headers.set(name, value);
  response.headers.set("Content-Security-Policy", policy);
  response.headers.set("Cache-Control", "no-store");
  return response;
}

// Never on the API: a proxy in front of a route cuts its request body at 10 MB without an error.
export const config = { matcher: ["/((?!api/|api$|healthz$|readyz$|login$|_next/static/).*)"] };
