const STILL_MS = 400;

/** The object once nobody writes it any more: Calico's pool controller says its word on a pool a moment after each change. */
export async function untilStill<Seen extends { readonly resourceVersion?: unknown }>(
  look: () => Promise<Seen>,
): Promise<Seen> {
  for (;;) {
    const before = await look();
    await new Promise((resolve) => setTimeout(resolve, STILL_MS));
    const after = await look();
    if (after.resourceVersion === before.resourceVersion) return after;
  }
}
