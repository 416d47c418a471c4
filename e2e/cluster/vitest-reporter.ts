import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Reporter, TestModule, Vitest } from "vitest/node";

interface Options {
  readonly file: string;
}

/** Writes what became of each test, with the reason of those that skipped themselves: vitest's own JSON leaves it out. */
export default class ClaimsReporter implements Reporter {
  readonly #file: string;
  #pattern: RegExp | undefined;

  constructor({ file }: Options) {
    this.#file = file;
  }

  onInit({ config }: Vitest): void {
    this.#pattern = config.testNamePattern;
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const files = modules.map((module) => ({
      file: module.relativeModuleId,
      failed: module.state() === "failed",
      // Those that were not asked for are not told as skipped.
      tests: [...module.children.allTests()]
        .filter((test) => this.#isAsked(test.fullName))
        .map((test) => {
          const result = test.result();
          const note = result.state === "skipped" ? result.note : undefined;
          return {
            name: test.fullName.split(" > "),
            state: result.state,
            ...(note === undefined ? {} : { note }),
          };
        }),
    }));
    await mkdir(dirname(this.#file), { recursive: true });
    await writeFile(this.#file, JSON.stringify(files));
  }

  #isAsked(fullName: string): boolean {
    return this.#pattern?.test(fullName.replaceAll(" > ", " ")) ?? true;
  }
}
