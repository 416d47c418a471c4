import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { listOf } from "../contract/common.ts";
import { windowed } from "./lists.ts";

const things = windowed("things", "/things", listOf(z.object({ id: z.number() })), { q: "a" });

/** A server with so many things; `broken` answers for the page at that offset. */
function serve(total: number, broken: Readonly<Record<number, () => Response>> = {}): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (path: string) => {
    asked.push(path);
    const params = new URL(path, "http://x").searchParams;
    const [offset, limit] = [Number(params.get("offset")), Number(params.get("limit"))];
    const end = Math.min(total, offset + limit);
    const items = Array.from({ length: end - offset }, (_, at) => ({ id: offset + at }));
    const answer = { items, total, ...(end < total ? { next: end } : {}) };
    return Promise.resolve(broken[offset]?.() ?? Response.json(answer));
  });
  return asked;
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
  expect(list.items?.map(({ id }) => id)).toEqual(Array.from({ length: total }, (_, id) => id));
  expect(list).toMatchObject({ total });
  expect(asked).toHaveLength(requests);
  for (const path of asked) expect(path).toMatch(/q=a&limit=500/);
  expect(told).toEqual(Array.from({ length: requests - 1 }, (_, page) => [(page + 1) * 500, total]));
});

test("one page that cannot be read makes the whole unreadable", async () => {
  const unknown = [{ field: "items", reason: "Poolboard may not list things" }];
  serve(1203, { 500: () => Response.json({ items: null, total: null, unknown }) });
  expect(await things.whole(signal, () => {})).toEqual({ items: null, total: null, unknown });
  serve(1203, { 1000: () => Response.json({}, { status: 500 }) });
  await expect(things.whole(signal, () => {})).rejects.toThrow();
});
