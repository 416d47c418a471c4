import { expect, test } from "vitest";
import { withBody } from "./body.ts";
import { UnreachableError } from "./errors.ts";

async function* chunksOf(...texts: string[]): AsyncGenerator<Buffer, void> {
  for (const text of texts) yield Buffer.from(text);
}

const read = (texts: readonly string[], most = 1_000) => withBody(chunksOf(...texts), most, String);

test.each<[string, string[], string]>([
  ["nothing", [], ""],
  ["one chunk", ["abc"], "abc"],
  ["several", ["a", "bc", "", "def"], "abcdef"],
  [
    "more than was made room for",
    ["a", "b", "c".repeat(40), "d".repeat(400)],
    `ab${"c".repeat(40)}${"d".repeat(400)}`,
  ],
])("%s is read as it came", async (_name, texts, whole) => {
  expect(await read(texts)).toBe(whole);
  // In room that was used before.
  expect(await read(texts)).toBe(whole);
});

test("bodies that are read at once do not share their room", async () => {
  await read(["long", "x".repeat(500)]);
  const bodies = Array.from({ length: 5 }, (_, at) => [`${at}`, `${at}`.repeat(50), `${at}`.repeat(100)]);
  expect(await Promise.all(bodies.map((texts) => read(texts)))).toEqual(
    bodies.map((texts) => texts.join("")),
  );
});

test("one that is too large is refused, and what cannot be used leaves the room to the next", async () => {
  await expect(read(["abc", "def"], 5)).rejects.toThrow(UnreachableError);
  const fail = () => {
    throw new Error("garbled");
  };
  await expect(withBody(chunksOf("abc", "def"), 10, fail)).rejects.toThrow("garbled");
  expect(await read(["gh", "i"])).toBe("ghi");
});
