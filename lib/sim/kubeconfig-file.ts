import { lstat, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const mark =
  "# Written by Poolboard's embedded cluster, which may overwrite it as long as nobody changed it.";

/** A kubeconfig with one context and no secret. */
export function kubeconfigText(server: string, context: string): string {
  return [
    mark,
    "apiVersion: v1",
    "kind: Config",
    "clusters:",
    `- {name: ${context}, cluster: {server: "${server}"}}`,
    `users: [{name: ${context}, user: {}}]`,
    "contexts:",
    `- {name: ${context}, context: {cluster: ${context}, user: ${context}}}`,
    `current-context: ${context}`,
    "",
  ].join("\n");
}

/** Whether a text is what `kubeconfigText` makes, to the last character, for whichever server and context. */
export function isOurs(text: string): boolean {
  const server = /server: "([^"]*)"/.exec(text)?.[1];
  const context = /^current-context: (.*)$/m.exec(text)?.[1];
  return server !== undefined && context !== undefined && text === kubeconfigText(server, context);
}

/** A file that may not be written; the message says why and what to do. */
export class KubeconfigFileError extends Error {
  override readonly name = "KubeconfigFileError";
}

/**
 * Looks before anything is started: the file may be new, or one that we wrote and nobody changed since.
 * @throws KubeconfigFileError
 */
export async function checkKubeconfigFile(file: string): Promise<void> {
  const found = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw new KubeconfigFileError(`${file} cannot be looked at (${error.code}); name another file`);
  });
  if (found === null) {
    const folder = await lstat(dirname(file)).catch(() => null);
    if (folder?.isDirectory() || folder?.isSymbolicLink()) return;
    throw new KubeconfigFileError(`there is no folder ${dirname(file)}; make it, or name another file`);
  }
  if (!found.isFile()) throw new KubeconfigFileError(`${file} is not a plain file; name another one`);
  const text = await readFile(file, "utf8").catch(() => "");
  if (!isOurs(text)) {
    throw new KubeconfigFileError(
      `${file} was not written by this program, or was changed since; remove it or name another file`,
    );
  }
}

/** Writes the file aside and moves it into place, readable by its owner alone. */
export async function writeKubeconfigFile(file: string, text: string): Promise<void> {
  await checkKubeconfigFile(file);
  const aside = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(aside, text, { mode: 0o600, flag: "wx" });
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new KubeconfigFileError(`${file} cannot be written (${code}); name another file`);
  }
}

/** A kubeconfig in a folder of its own that nobody else may enter; `remove` takes the folder away. */
export async function writeTemporaryKubeconfig(
  text: string,
): Promise<{ file: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "poolboard-cluster-"));
  const file = join(folder, "kubeconfig");
  await writeFile(file, text, { mode: 0o600 });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}
