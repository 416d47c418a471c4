/** Where an entry of the log is shown. */
export function activityHref(id: string): string {
  return `/activity?entry=${encodeURIComponent(id)}`;
}
