import { expect, test } from "vitest";
import { crumbs, isCurrent, navItems } from "./nav.ts";

test.each([
  ["/", ["Overview"]],
  ["/pools", ["Pools"]],
  ["/pools/external-pool", ["Pools", "external-pool"]],
  ["/pools/%E0%A4%A", ["Pools", "%E0%A4%A"]],
  ["/nowhere", []],
])("%s is %j", (pathname, labels) => {
  expect(crumbs(pathname).map((crumb) => crumb.label)).toEqual(labels);
});

test("one entry is current, and a page below belongs to it", () => {
  expect(navItems.filter((item) => isCurrent(item, "/pools/x")).map((item) => item.href)).toEqual(["/pools"]);
  expect(navItems.filter((item) => isCurrent(item, "/")).map((item) => item.href)).toEqual(["/"]);
  expect(navItems.filter((item) => isCurrent(item, "/poolside"))).toEqual([]);
});

test("every shortcut letter is taken once", () => {
  expect(new Set(navItems.map((item) => item.key)).size).toBe(navItems.length);
});
