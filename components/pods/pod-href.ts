/** The page that shows one pod, or what is left of it. */
export function podHref(namespace: string, name: string): string {
  return `/pods?${new URLSearchParams({ namespace, q: name }).toString()}`;
}
