import { expect, test } from "vitest";
import { stampedPath, stoppedClock } from "./shot-url.ts";

test.each([
  ["/", "shot=1", "/"],
  ["/pools/a", "tab=map&shot=1&fixed=1&clock=2026-11-23T15%3A40%3A02Z", "/pools/a?tab=map"],
  ["/pods", "node=n1&q=a+b", "/pods?node=n1&q=a+b"],
])("%s?%s is stamped as %s", (pathname, search, stamped) => {
  expect(stampedPath(pathname, search)).toBe(stamped);
});

test.each([
  ["clock=2026-11-23T15:40:02Z", Date.UTC(2026, 10, 23, 15, 40, 2)],
  ["clock=yesterday", null],
  ["clock=", null],
  ["shot=1", null],
])("the clock of ?%s stands at %j", (search, at) => {
  expect(stoppedClock(search)).toBe(at);
});
