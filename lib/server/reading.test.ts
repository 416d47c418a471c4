import { gunzipSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import type { Inventory } from "../inventory/inventory.ts";
import { reading, TextAnswer } from "./reading.ts";
import { endpoint, route } from "./respond.ts";
import { configure, pageRequest } from "./testing.ts";

/** Each call of the read: what it was asked, and in its answer the version that it read. */
const reads: string[] = [];
let inventory: Inventory;
/** What the next read waits for. */
let held: Promise<void> | null = null;
let wanted: AbortSignal | null = null;

const handlers = route({
  GET: reading({
    query: z.strictObject({ q: z.optional(z.string()) }),
    async read({ query, signal, inventory: { version } }) {
      reads.push(query.q ?? "");
      wanted = signal;
      await held;
      if (query.q === "none") throw new Error("there is none");
      if (query.q === "text") return new TextAnswer("plain words", "text/plain");
      return { version, q: query.q ?? null, long: "row ".repeat(500) };
    },
  }),
  POST: endpoint({ handle: () => Response.json({}) }),
});

const context = { params: Promise.resolve({}) };
const ask = (q = "a", headers: Record<string, string> = {}, signal?: AbortSignal) => {
  const request = pageRequest("GET", `/api/v1/x?q=${q}`, { headers });
  return handlers.GET(signal ? new Request(request, { signal }) : request, context);
};
const versionIn = async (answer: Promise<Response>) =>
  ((await (await answer).json()) as { version: string }).version;
/** The inventory's sequence now. */
const now = () => inventory.version;

beforeEach(() => {
  inventory = configure();
  reads.length = 0;
  held = null;
});

describe("who is given what was made for somebody else", () => {
  test("everybody who asks the same between two news, though the cluster changes meanwhile", async () => {
    const first = await versionIn(ask());
    inventory.changes.touch("pods");
    expect(await Promise.all([versionIn(ask()), versionIn(ask())])).toEqual([first, first]);
    expect(reads).toEqual(["a"]);
  });

  test("nobody who has been told of something newer", async () => {
    await ask();
    inventory.changes.touch("pods");
    inventory.changes.flush();
    expect(await versionIn(ask())).toBe(now());
    expect(reads).toHaveLength(2);
  });

  test("nobody after a write of ours, which the answer has to show", async () => {
    await ask();
    inventory.changes.touch("pods");
    expect((await handlers.POST(pageRequest("POST", "/api/v1/x", { body: "{}" }), context)).status).toBe(200);
    expect(await versionIn(ask())).toBe(now());
  });

  test("whoever comes while it is being made, unless it was begun before the news", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held = promise;
    const early = [ask(), ask()].map(versionIn);
    await expect.poll(() => reads.length).toBe(1);
    const before = now();
    inventory.changes.touch("pods");
    inventory.changes.flush();
    const late = versionIn(ask());
    await expect.poll(() => reads.length).toBe(2);
    resolve();
    expect(await Promise.all([...early, late])).toEqual([before, before, now()]);
    expect(await versionIn(ask())).toBe(now());
    expect(reads).toHaveLength(2);
  });

  test("nobody who asks something else", async () => {
    await Promise.all([ask("a"), ask("b"), handlers.GET(pageRequest("GET", "/api/v1/y?q=a"), context)]);
    expect(reads.toSorted()).toEqual(["a", "a", "b"]);
  });

  test("a failure is told to all who wait for it, and kept for nobody", async () => {
    const asked = await Promise.all([ask("none"), ask("none")]);
    expect(asked.map(({ status }) => status)).toEqual([500, 500]);
    await ask("none");
    expect(reads).toHaveLength(2);
  });
});

test("the version in the headers is the one that was read, also when it is older than the inventory's", async () => {
  const version = await versionIn(ask());
  inventory.changes.touch("pods");
  const { headers } = await ask();
  expect([headers.get("x-poolboard-version"), now() === version]).toEqual([version, false]);
});

test("who has the answer already is told so, also at another version; who takes gzip gets it packed", async () => {
  const same = await ask("text");
  inventory.changes.touch("pods");
  inventory.changes.flush();
  const again = await ask("text", { "If-None-Match": same.headers.get("etag") ?? "" });
  expect([again.status, await again.text(), again.headers.get("x-poolboard-version")]).toEqual([
    304,
    "",
    now(),
  ]);
  expect([await same.text(), same.headers.get("content-type")]).toEqual(["plain words", "text/plain"]);

  const packed = await ask("a", { "x-poolboard-gzip": "1" });
  expect(packed.headers.get("x-poolboard-encoding")).toBe("gzip");
  const text = String(gunzipSync(await packed.arrayBuffer()));
  expect(text).toBe(await (await ask("a")).text());
});

test("the work hears of it when nobody wants its answer any more", async () => {
  held = new Promise(() => {});
  const [one, other] = [new AbortController(), new AbortController()];
  const asked = [ask("a", {}, one.signal), ask("a", {}, other.signal)];
  await expect.poll(() => reads.length).toBe(1);
  one.abort();
  expect([(await asked[0])?.status, wanted?.aborted]).toEqual([499, false]);
  other.abort();
  expect([(await asked[1])?.status, wanted?.aborted]).toEqual([499, true]);
});
