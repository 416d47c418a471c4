import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { contactSheet } from "./contact-sheet.ts";
import { CaptureFailure } from "./failure.ts";
import { manifestText, type Occasion, type Picture } from "./manifest.ts";

const sheet = "index.html";
const list = "manifest.json";

/** Where a set of pictures goes. Files of the same names are replaced, each at once and whole; nothing else is touched. */
export class Folder {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Makes the folder where it is missing. @throws CaptureFailure 2 when nothing can be written there */
  static async open(path: string): Promise<Folder> {
    const folder = new Folder(path);
    try {
      await makeFolder(path);
      const trial = join(path, `.${process.pid}.trial`);
      await writeFile(trial, "", { flag: "wx" });
      await rm(trial);
    } catch (error) {
      throw unwritable(path, error);
    }
    return folder;
  }

  /** From here on files change: what an earlier run said of them would no longer be true. */
  async begin(): Promise<void> {
    await Promise.all([sheet, list].map((name) => rm(join(this.#path, name), { force: true }))).catch(
      (error: unknown) => {
        throw unwritable(this.#path, error);
      },
    );
  }

  async write(name: string, content: Uint8Array | string): Promise<void> {
    const aside = join(this.#path, `.${process.pid}.aside`);
    try {
      await writeFile(aside, content);
      await rename(aside, join(this.#path, name));
    } catch (error) {
      await rm(aside, { force: true }).catch(() => undefined);
      throw unwritable(join(this.#path, name), error);
    }
  }

  /** The set is whole: says so in `index.html` and, last, in `manifest.json`. */
  async finish(occasion: Occasion, pictures: readonly Picture[]): Promise<void> {
    await this.write(sheet, contactSheet(occasion, pictures));
    await this.write(list, manifestText(occasion, pictures));
  }
}

/** Node's own recursive form never ends where a folder can neither be made nor found, as in /proc. */
async function makeFolder(path: string): Promise<void> {
  const trouble = await mkdir(path).then(
    () => null,
    (error: NodeJS.ErrnoException) => error,
  );
  if (trouble === null || trouble.code === "EEXIST") return;
  if (trouble.code !== "ENOENT" || dirname(path) === path) throw trouble;
  await makeFolder(dirname(path));
  await mkdir(path);
}

function unwritable(path: string, error: unknown): CaptureFailure {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  return new CaptureFailure(2, `${path} cannot be written (${code}); name another folder with --out`);
}
