import { constants, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { gzipHead, StreamFrame } from "./stream-frame.ts";

const frames = ["first", "ä".repeat(3_000), "last"].map((text) => new StreamFrame(`data: ${text}\n\n`));

test("packed frames behind the head are a gzip stream, in whatever order they follow each other", () => {
  const order = [1, 0, 2, 1].flatMap((index) => frames[index] ?? []);
  const stream = Buffer.concat([gzipHead, ...order.map(({ packed }) => packed)]);
  const text = gunzipSync(stream, { finishFlush: constants.Z_SYNC_FLUSH }).toString();
  expect(text).toBe(order.map(({ plain }) => Buffer.from(plain).toString()).join(""));
});

test("a packed frame is made once, and holds no more memory than its bytes", () => {
  for (const frame of frames) {
    expect(frame.packed).toBe(frame.packed);
    expect(frame.packed.buffer.byteLength).toBe(frame.packed.byteLength);
  }
});
