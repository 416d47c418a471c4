/** What the front says to the routes, in headers that it takes away from everybody else. */

/** The request came by TLS, to us or to a proxy of ours. */
export const isHttps = (request: { readonly headers: Headers }) =>
  request.headers.get("x-poolboard-scheme") === "https";

/** The address of the person's machine; null where no front stood before the route. */
export const clientOf = (request: { readonly headers: Headers }) => request.headers.get("x-poolboard-peer");

/** Gzip may be sent. */
export const takesGzip = (request: { readonly headers: Headers }) =>
  request.headers.get("x-poolboard-gzip") === "1";
