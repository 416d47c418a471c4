const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365.25 * day;

/** An age in one unit: `41 s`, `8 min`, `3 h`, `11 d`, `2.4 y`. Rounded down, so that nothing is older than it is. */
export function formatAge(seconds: number): string {
  if (seconds < minute) return `${Math.floor(seconds)} s`;
  if (seconds < hour) return `${Math.floor(seconds / minute)} min`;
  if (seconds < day) return `${Math.floor(seconds / hour)} h`;
  if (seconds < 2 * year) return `${Math.floor(seconds / day)} d`;
  return `${(Math.floor((seconds / year) * 10) / 10).toFixed(1)} y`;
}
