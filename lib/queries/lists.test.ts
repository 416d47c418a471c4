import * as fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import * as z from "zod/mini";
import { listOf } from "../contract/common.ts";
import { heldAround } from "./held.ts";
import { windowed, windowFor } from "./lists.ts";

const ThingList = listOf(z.object({ name: z.number() }));
const things = windowed("things", "/things", { schema: () => ThingList }, { q: "a" });

/** A server with so many things; `broken` answers for the page at that offset. */
function serve(total: number, broken: Readonly<Record<number, () => Response>> = {}): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (path: string) => {
    asked.push(path);
    const params = new URL(path, "http://x").searchParams;
    const [offset, limit] = [Number(params.get("offset")), Number(params.get("limit"))];
    const end = Math.min(total, offset + limit);
    const items = Array.from({ length: end - offset }, (_, at) => ({ name: offset + at }));
    const answer = { items, total, ...(end < total ? { next: end } : {}) };
    return Promise.resolve(broken[offset]?.() ?? Response.json(answer));
  });
  return asked;
}

/** A server whose list loses and gains rows after the first page. */
function serveChanging(change: (names: number[]) => number[]): void {
  let names = Array.from({ length: 1203 }, (_, name) => name);
  vi.stubGlobal("fetch", (path: string) => {
    const offset = Number(new URL(path, "http://x").searchParams.get("offset"));
    const items = names.slice(offset, offset + 500).map((name) => ({ name }));
    const [total, end] = [names.length, offset + items.length];
    if (offset === 0) names = change(names);
    return Promise.resolve(Response.json({ items, total, ...(end < total ? { next: end } : {}) }));
  });
}

afterEach(() => vi.unstubAllGlobals());

const signal = new AbortController().signal;

test.each([
  [0, 1],
  [500, 1],
  [1203, 3],
])("a list of %i is read whole in %i requests, with the same filter", async (total, requests) => {
  const asked = serve(total);
  const told: [number, number | null][] = [];
  const list = await things.whole(signal, (...progress) => told.push(progress));
  expect(list.items?.map(({ name }) => name)).toEqual(Array.from({ length: total }, (_, name) => name));
  expect(list).toMatchObject({ total });
  expect(asked).toHaveLength(requests);
  for (const path of asked) expect(path).toMatch(/q=a&limit=500/);
  expect(told).toHaveLength(requests - 1);
  for (const [read, of] of told) expect([read % 480, of]).toEqual([20, total]);
});

test("one page that cannot be read makes the whole unreadable", async () => {
  const unknown = [{ field: "items", reason: "Poolboard may not list things" }];
  serve(1203, { 480: () => Response.json({ items: null, total: null, unknown }) });
  expect(await things.whole(signal, () => {})).toEqual({ items: null, total: null, unknown });
  serve(1203, { 960: () => Response.json({}, { status: 500 }) });
  await expect(things.whole(signal, () => {})).rejects.toThrow();
});

test.each<[string, (names: number[]) => number[], number[]]>([
  ["rows before it go", (names) => names.slice(10), []],
  ["rows before it come", (names) => [-3, -2, -1, ...names], []],
  ["a row moves to the end", (names) => [...names.filter((name) => name !== 499), 499], []],
  ["the last row that was read goes", (names) => names.filter((name) => name !== 499), []],
  ["rows after it go", (names) => names.filter((name) => name < 700 || name > 709), [700, 709]],
])("while a list is read, %s: each of the others is read once", async (_what, change, gone) => {
  serveChanging(change);
  const { items, total } = await things.whole(signal, () => {});
  const [from = 1203, to = 0] = gone;
  const expected = Array.from({ length: 1203 }, (_, name) => name).filter((name) => name < from || name > to);
  expect(items?.map(({ name }) => name)).toEqual(expected);
  expect(total).toBe(expected.length);
});

test("a list that changes too much to be sure is not read", async () => {
  serveChanging((names) => names.slice(50));
  await expect(things.whole(signal, () => {})).rejects.toThrow("More rows went than two pages share");
});

test("a window follows what is shown, begins at steps, and stays while it shows enough", () => {
  const at = (first: number, last: number, start: number, total = 150_000) =>
    windowFor({ first, last }, { start, end: Math.min(total, start + 200), total });
  expect(at(0, 40, 0)).toBeNull();
  expect(at(100, 140, 0)).toBeNull();
  expect(at(160, 200, 0)).toBe(100);
  expect(at(90_000, 90_040, 0)).toBe(89_900);
  expect(at(149_960, 149_999, 0)).toBe(149_900);
  expect(at(149_960, 149_999, 149_800)).toBeNull();
  expect(at(0, 40, 149_800)).toBe(0);
  // There are fewer than a window has.
  expect(at(0, 29, 0, 30)).toBeNull();
  expect(at(0, 29, 50, 30)).toBe(0);
});

test("the window at any place that is shown has all that is shown, with room to spare", () => {
  const places = fc.record({
    first: fc.nat(300_000),
    rows: fc.integer({ min: 1, max: 90 }),
    start: fc.nat(6_000),
    total: fc.nat(300_000),
  });
  fc.assert(
    fc.property(places, ({ first: wished, rows, start: steps, total }) => {
      const first = Math.min(wished, Math.max(0, total - 1));
      const last = Math.min(total - 1, first + rows - 1);
      const start = steps * 50;
      const found = windowFor({ first, last }, { start, end: Math.min(total, start + 200), total });
      if (total === 0 || found === null) return;
      expect(found).toBeLessThanOrEqual(Math.max(0, first - 25));
      expect(Math.min(total, found + 200)).toBeGreaterThan(Math.min(total - 1, last + 25));
      // The window that was found is not moved again.
      expect(
        windowFor({ first, last }, { start: found, end: Math.min(total, found + 200), total }),
      ).toBeNull();
    }),
  );
});

test.each<[string, number, number, (readonly [offset: number, limit: number])[]]>([
  ["nothing has come", 0, 300, [[200, 200]]],
  ["some have come before", 40, 340, [[200, 200]]],
  [
    "more than a window has to spare",
    150,
    450,
    [
      [200, 200],
      [50, 500],
    ],
  ],
  [
    "so many have gone",
    -150,
    150,
    [
      [200, 200],
      [50, 500],
    ],
  ],
  [
    "more than can be looked through",
    1_000,
    300,
    [
      [200, 200],
      [50, 500],
    ],
  ],
])("the window goes with the row that is looked at: %s", async (_what, come, place, requests) => {
  const asked: (readonly [number, number])[] = [];
  vi.stubGlobal("fetch", (path: string) => {
    const params = new URL(path, "http://x").searchParams;
    const [offset, limit] = [Number(params.get("offset")), Number(params.get("limit"))];
    asked.push([offset, limit]);
    const items = Array.from({ length: limit }, (_, at) => ({ name: offset + at - come }));
    return Promise.resolve(Response.json({ items, total: 150_000 }));
  });
  const before = Array.from({ length: 200 }, (_, at) => ({ name: 200 + at }));
  const { queryFn } = things.at(200, () => heldAround(before, 200, 300, true));
  if (typeof queryFn !== "function") throw new Error("asks for nothing");
  const page = await queryFn({ pageParam: 200, signal } as never);
  expect(asked).toEqual(requests);
  const { offset } = page;
  expect(page.items?.[place - offset]?.name).toBe(come === 1_000 ? place - come : 300);
});
