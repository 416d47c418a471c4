/** Collects differences and counts the single values that were compared. */
export class Comparison {
  compared = 0;
  readonly differences: string[] = [];

  /** Objects and arrays are compared member by member, so every number of a queue counts. */
  same(where: string, actual: unknown, expected: unknown): void {
    if (isObject(actual) && isObject(expected) && Array.isArray(actual) === Array.isArray(expected)) {
      const keys = new Set([...Object.keys(actual), ...Object.keys(expected)]);
      if (keys.size === 0) this.compared++;
      for (const key of keys) {
        this.same(`${where}.${key}`, actual[key], expected[key]);
      }
    } else {
      this.compared++;
      if (actual !== expected)
        this.differences.push(`${where}\n  model:  ${show(actual)}\n  Calico: ${show(expected)}`);
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  return typeof value === "string" && value.includes("\n")
    ? `\n${value}`
    : (JSON.stringify(value) ?? "nothing");
}
