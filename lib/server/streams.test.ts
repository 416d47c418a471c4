import { constants, gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Identity } from "./identity.ts";
import { ProblemError } from "./problem.ts";
import { StreamFrame } from "./stream-frame.ts";
import { endStreams, eventStream, openStreams } from "./streams.ts";

const anonymous: Identity = { how: "anonymous", id: "anonymous", user: null, groups: [] };
const session: Identity = { how: "session", id: "s", user: null, groups: [] };
const frame = (size: number) => new StreamFrame(".".repeat(size));

/** A stream whose frames the test sends by hand. */
function open(options: { identity?: Identity; gzip?: boolean; stillAllowed?: () => Promise<boolean> } = {}) {
  const control = new AbortController();
  let send = (_frame: StreamFrame): void => undefined;
  const stopped = vi.fn();
  const response = eventStream({
    identity: options.identity ?? anonymous,
    signal: control.signal,
    gzip: options.gzip ?? false,
    stillAllowed: options.stillAllowed ?? (async () => true),
    feed(given) {
      send = given;
      return stopped;
    },
  });
  const reader = response.body?.getReader();
  if (!reader) throw new Error("no body");
  return { response, reader, stopped, abort: () => control.abort(), send: (each: StreamFrame) => send(each) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  endStreams();
  vi.useRealTimers();
});

test("frames go out as they are, the same bytes for everybody", async () => {
  const one = open();
  const other = open();
  const shared = frame(10);
  one.send(shared);
  other.send(shared);
  expect((await one.reader.read()).value).toBe(shared.plain);
  expect((await other.reader.read()).value).toBe(shared.plain);
  expect(one.response.headers.get("content-type")).toMatch(/^text\/event-stream/);
  expect(one.response.headers.get("cache-control")).toContain("no-transform");
});

test("readers of gzip share packed bytes, and read what the others read", async () => {
  const [one, other] = [open({ gzip: true }), open({ gzip: true })];
  const frames = ["first, ", "second, ".repeat(100), "third"].map((text) => new StreamFrame(text));
  // The other comes later: what it is given does not lean on what it has missed.
  one.send(frames[0] ?? frame(0));
  for (const each of frames.slice(1)) for (const reader of [one, other]) reader.send(each);
  const read = async ({ reader }: typeof one, count: number) => {
    const parts: Uint8Array[] = [];
    while (parts.length < count) parts.push((await reader.read()).value ?? new Uint8Array());
    return parts;
  };
  const [mine, theirs] = [await read(one, 4), await read(other, 3)];
  expect(mine[2]).toBe(theirs[1]);
  expect(mine[2]?.byteLength).toBeLessThan(100);
  const text = (parts: Uint8Array[]) =>
    gunzipSync(Buffer.concat(parts), { finishFlush: constants.Z_SYNC_FLUSH }).toString();
  expect(text(mine)).toBe(`first, ${"second, ".repeat(100)}third`);
  expect(text(theirs)).toBe(`${"second, ".repeat(100)}third`);
  expect(one.response.headers.get("x-poolboard-encoding")).toBe("gzip");
});

test("a quiet stream says every 15 s that it is there", async () => {
  const { reader } = open();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(new TextDecoder().decode((await reader.read()).value)).toMatch(/^:.*\n\n$/);
});

test("a reader with a megabyte queued is dropped", async () => {
  const { reader, send, stopped } = open();
  for (let sent = 0; sent <= 1024 * 1024; sent += 64 * 1024) send(frame(64 * 1024));
  expect(stopped).toHaveBeenCalledOnce();
  expect(openStreams()).toBe(0);
  // Next prints every other kind of error.
  await expect(reader.read()).rejects.toMatchObject({
    name: "AbortError",
    message: expect.stringMatching("too slow"),
  });
});

test("a reader that takes nothing for 30 s is dropped, one that takes a little is not", async () => {
  const stalled = open();
  const slow = open();
  for (let beat = 0; beat < 4; beat++) {
    stalled.send(frame(1));
    slow.send(frame(1));
    slow.send(frame(1));
    await slow.reader.read();
    await vi.advanceTimersByTimeAsync(15_000);
  }
  expect(stalled.stopped).toHaveBeenCalledOnce();
  expect(slow.stopped).not.toHaveBeenCalled();
});

test.each([
  ["the browser goes", (stream: ReturnType<typeof open>) => stream.abort()],
  ["the answer is cancelled", (stream: ReturnType<typeof open>) => void stream.reader.cancel()],
])("when %s nothing is left behind", (_, leave) => {
  const stream = open();
  expect(openStreams()).toBe(1);
  leave(stream);
  stream.send(frame(1));
  expect(stream.stopped).toHaveBeenCalledOnce();
  expect(openStreams()).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test("a session that is over ends its stream", async () => {
  let allowed = true;
  const { stopped } = open({ identity: session, stillAllowed: async () => allowed });
  await vi.advanceTimersByTimeAsync(15_000);
  expect(stopped).not.toHaveBeenCalled();
  allowed = false;
  await vi.advanceTimersByTimeAsync(15_000);
  expect(stopped).toHaveBeenCalledOnce();
});

test("a shutdown tells readers when to come back", async () => {
  const { reader } = open();
  endStreams();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe("retry: 500\n\n");
  expect((await reader.read()).done).toBe(true);
});

test("ten streams a session, a thousand a process", async () => {
  for (let count = 0; count < 10; count++) open({ identity: session });
  expect(() => open({ identity: session })).toThrow(ProblemError);
  for (let count = 10; count < 1_000; count++) open();
  expect(() => open()).toThrow(/1000 streams/);
});
