import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const program = join(import.meta.dirname, "soak.ts");

/** How the program ended, and what it said on stderr. */
function run(args: readonly string[]): Promise<{ readonly code: unknown; readonly said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], (error, _stdout, said) => {
      resolve({ code: error === null ? 0 : error.code, said });
    });
  });
}

test("what is typed wrong is one line with what is expected, and exit code 2", async () => {
  const cases: readonly (readonly [string[], RegExp])[] = [
    [["--minutes", "0"], /--minutes is a number from 1 to 10000, not "0"/],
    [["--viewers", "1e3"], /--viewers is a number from 1 to 900, not "1e3"/],
    [["--churn", "500"], /--churn is two numbers of changes a second, as in 500,500, not "500"/],
  ];
  const ended = await Promise.all(cases.map(([args]) => run(args)));
  cases.forEach(([, words], index) => {
    const { code, said = "" } = ended[index] ?? {};
    expect(code).toBe(2);
    expect(said).toMatch(words);
    expect(said.trim()).not.toContain("\n");
  });
});
