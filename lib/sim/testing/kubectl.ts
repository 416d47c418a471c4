import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Tests that use kubectl are skipped without it, and say so by their names. */
export const hasKubectl = spawnSync("kubectl", ["version", "--client"], { stdio: "ignore" }).status === 0;

/** The real kubectl on one cluster, with a home of its own so that nothing is cached between tests. */
export class Kubectl {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async on(kubeconfig: string): Promise<Kubectl> {
    const folder = await mkdtemp(join(tmpdir(), "poolboard-kubectl-"));
    await writeFile(join(folder, "kubeconfig"), kubeconfig);
    return new Kubectl(folder);
  }

  /** Runs a command line (words separated by blanks) followed by `rest` as it is; returns stdout. Fails when kubectl does. */
  async run(line: string, ...rest: readonly string[]): Promise<string> {
    const env = { ...process.env, KUBECONFIG: join(this.#folder, "kubeconfig"), HOME: this.#folder };
    const { stdout } = await promisify(execFile)("kubectl", [...line.split(" "), ...rest], {
      env,
      cwd: this.#folder,
    });
    return stdout;
  }

  /** A file beside the kubeconfig, to be named in commands. */
  async file(name: string, text: string): Promise<void> {
    await writeFile(join(this.#folder, name), text);
  }

  async end(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
