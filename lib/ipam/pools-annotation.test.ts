import { expect, test } from "vitest";
import type { Family } from "./address.ts";
import { brokenAnnotationCause } from "./pools-annotation.ts";
import { testPool } from "./testing.ts";

const pools = [
  testPool("a-disabled", "10.1.0.0/24", { disabled: true }),
  testPool("web.pool-2", "10.2.0.0/24"),
  testPool("main", "10.3.0.0/24"),
  testPool("six", "fd00::/112"),
];

test.each<[string, Family, string]>([
  ["web.pool-2", 4, '["web.pool-2"]'],
  ["[web.pool-2]", 4, '["web.pool-2"]'],
  ["['a-disabled']", 4, '["a-disabled"]'],
  ["[1, 2]", 4, '["main"]'],
  ["six", 4, '["main"]'],
  ["main,web.pool-2", 4, '["main"]'],
  ['<img src=x onerror="alert(1)">', 4, '["main"]'],
  ["", 6, '["six"]'],
])("%s as an IPv%s annotation: the example is %s", (raw, family, example) => {
  expect(brokenAnnotationCause("not-json", "", raw, family, pools)).toBe(
    `The annotation is not a JSON list of texts such as ${example}`,
  );
});

test("where there is no pool the example says where its name goes", () => {
  expect(brokenAnnotationCause("not-json", "", "x", 4, [])).toMatch(/\["pool-name"\]$/);
});
