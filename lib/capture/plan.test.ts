import { expect, test } from "vitest";
import { fileName, plan, type Shot, views, type Wish } from "./plan.ts";

const wish: Wish = {
  views,
  themes: ["light"],
  formats: ["png"],
  size: { width: 1440, height: null },
  layout: "address",
};

const named = (shots: readonly Shot[]) =>
  shots.map(({ view, pool, theme, path }) =>
    [view, pool, theme, path].filter((part) => part !== null).join(" "),
  );

test("all views, a map for each pool", () => {
  expect(named(plan(wish, ["a", "b.c"]))).toEqual([
    "overview light /",
    "pools light /pools",
    "map a light /pools/a?tab=map&layout=address",
    "map b.c light /pools/b.c?tab=map&layout=address",
    "namespaces light /namespaces",
    "nodes light /nodes",
    "pods light /pods",
  ]);
});

test("themes follow each other page by page, views come in their own order", () => {
  const some: Wish = { ...wish, views: ["nodes", "overview"], themes: ["dark", "light"] };
  expect(named(plan(some, ["a"]))).toEqual([
    "overview dark /",
    "overview light /",
    "nodes dark /nodes",
    "nodes light /nodes",
  ]);
});

test.each([
  ["address", "/pools/a?tab=map&layout=address"],
  ["node", "/pools/a?tab=map&layout=node"],
  ["hilbert", "/pools/a?tab=map&layout=hilbert"],
] as const)("the layout %s is asked of the map as %s", (layout, path) => {
  expect(plan({ ...wish, views: ["map"], layout }, ["a"])[0]?.path).toBe(path);
});

const shot = { view: "overview", pool: null, theme: "light", path: "/" } as const satisfies Shot;

test.each<[Shot, string]>([
  [shot, "overview-light-1440x900.png"],
  [
    { ...shot, view: "map", pool: "default-ipv4-ippool", theme: "dark" },
    "map-default-ipv4-ippool-dark-1440x900.png",
  ],
  [{ ...shot, view: "map", pool: "../etc/passwd" }, "map-..%2Fetc%2Fpasswd-light-1440x900.png"],
])("%j is the file %s", (each, name) => {
  expect(fileName(each, 1440, 900, "png")).toBe(name);
});

test("a name that no file can have is cut, and stays one of its own", () => {
  const long = (end: string) => ({ ...shot, view: "map" as const, pool: `${"p".repeat(250)}${end}` });
  const [one, other] = [fileName(long("a"), 1440, 900, "png"), fileName(long("b"), 1440, 900, "png")];
  expect(one).not.toBe(other);
  expect(Buffer.byteLength(one)).toBeLessThan(255);
});
