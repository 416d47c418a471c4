import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CaptureFailure } from "./failure.ts";
import { Folder } from "./folder.ts";
import type { Occasion } from "./manifest.ts";

let place = "";
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "poolboard-folder-"));
});
afterAll(() => rm(place, { recursive: true, force: true }));

const occasion: Occasion = {
  cluster: "c",
  context: null,
  time: "2026-11-23T15:40:02Z",
  dataAgeSeconds: 0,
  reproducible: true,
  version: "0.1.0",
  calicoVersion: null,
  kubernetesVersion: null,
};

test("folders are made, files of the same names replaced, and nothing else is touched", async () => {
  const path = join(place, "some", "where");
  const first = await Folder.open(path);
  await first.begin();
  await first.write("a.png", "old");
  await first.finish(occasion, []);
  await writeFile(join(path, "notes.txt"), "mine");

  const second = await Folder.open(path);
  await second.begin();
  await second.write("a.png", "new");
  // Between the first picture and the last nothing says what the files are.
  expect((await readdir(path)).sort()).toEqual(["a.png", "notes.txt"]);
  await second.finish(occasion, []);
  expect((await readdir(path)).sort()).toEqual(["a.png", "index.html", "manifest.json", "notes.txt"]);
  expect(await readFile(join(path, "a.png"), "utf8")).toBe("new");
  expect(await readFile(join(path, "notes.txt"), "utf8")).toBe("mine");
});

test("where nothing can be written, opening says so and how to go on", async () => {
  const file = join(place, "file");
  await writeFile(file, "");
  for (const path of [file, join(file, "below"), "/proc/nowhere"]) {
    const failure = await Folder.open(path).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CaptureFailure);
    expect(failure).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(`${path} cannot be written`),
    });
  }
});
