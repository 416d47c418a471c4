const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** One unit: `41 s`, `8 min`, `3 h`, `11 d`, `2.4 y`. A time to come (clock skew) is `0 s`. */
export function formatAge(ageSeconds: number): string {
  const age = Math.max(0, Math.floor(ageSeconds));
  if (age < MINUTE) return `${age} s`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h`;
  if (age < YEAR) return `${Math.floor(age / DAY)} d`;
  return `${(Math.floor((age / YEAR) * 10) / 10).toFixed(1)} y`;
}
