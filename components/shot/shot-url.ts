/** Query parameters that are about the picture and not about what it shows. */
const ofThePicture = ["shot", "clock", "fixed"] as const;

/** The address a picture is stamped with: path and query of the page itself, without origin and without the picture's own parameters. */
export function stampedPath(pathname: string, search: string): string {
  const params = new URLSearchParams(search);
  for (const name of ofThePicture) params.delete(name);
  const query = params.toString();
  return query === "" ? pathname : `${pathname}?${query}`;
}

/** The time that the page's clock stands at by `?clock=` (RFC 3339), in milliseconds since 1970; null: it goes. */
export function stoppedClock(search: string): number | null {
  const text = new URLSearchParams(search).get("clock");
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isFinite(at) ? at : null;
}
