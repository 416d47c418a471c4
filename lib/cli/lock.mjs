import { mkdirSync } from "node:fs";
import { open, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";

const BEAT_MS = 1_000;
/** A holder that has not touched its file for so long is gone. */
const STALE_MS = 15_000;

/**
 * Runs `work` while no other process does so under the same lock file; waits for its turn. A holder that was killed is
 * noticed because its file is no longer touched.
 * @template Result
 * @param {string} file
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  while (!(await take(file))) {
    await breakIfStale(file);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const beat = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(file, { force: true });
  }
}

/** @param {string} file */
async function take(file) {
  try {
    await (await open(file, "wx")).close();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Renaming first: of several waiters only one gets hold of the stale file.
 * @param {string} file */
async function breakIfStale(file) {
  const age = await stat(file).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (age < STALE_MS) return;
  const aside = `${file}.${process.pid}`;
  await rename(file, aside).catch(() => undefined);
  await rm(aside, { force: true });
}
