import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Reporter, TestModule } from "vitest/node";

interface Options {
  readonly file: string;
}

/** Writes what became of each test, with the reason of those that skipped themselves: vitest's own JSON leaves it out. */
export default class ClaimsReporter implements Reporter {
  readonly #file: string;

  constructor({ file }: Options) {
    this.#file = file;
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const files = modules.map((module) => ({
      file: module.relativeModuleId,
      failed: module.state() === "failed",
      tests: [...module.children.allTests()].map((test) => {
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
}
