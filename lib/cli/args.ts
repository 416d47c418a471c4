import { parseArgs } from "node:util";

/** One flag of a command. A flag with `value` takes one (named so in the help); one without is on or off. */
export interface Flag {
  readonly value?: string;
  readonly help: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** What was typed: text for flags with a value, true for the others; absent when not typed. */
export type FlagValues<F extends Flags> = {
  readonly [Name in keyof F]?: F[Name] extends { readonly value: string } ? string : true;
};

export interface Command<F extends Flags> {
  /** As a person types it: "npm run cluster". */
  readonly name: string;
  readonly summary: string;
  readonly flags: F;
  /** More lines at the end of the help. */
  readonly notes?: readonly string[];
}

/** Something the person who typed the command can mend: one line that says what is wrong and what to do. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Reads the command line. Arguments that are not flags, unknown flags and flags without their value are UsageErrors.
 * A flag typed twice: the last one counts.
 */
export function parseFlags<const F extends Flags>(
  command: Command<F>,
  argv: readonly string[],
): FlagValues<F> {
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([name, flag]) => [
      name,
      { type: flag.value ? "string" : "boolean" } as const,
    ]),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Record<string, string | true> = {};
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional")
      throw new UsageError(`unexpected argument "${token.value}"; ${seeHelp(command)}`);
    const flag = Object.hasOwn(command.flags, token.name) ? command.flags[token.name] : undefined;
    if (!flag || !token.rawName.startsWith("--"))
      throw new UsageError(`unknown flag ${token.rawName}; ${seeHelp(command)}`);
    if (!flag.value) {
      if (token.value !== undefined)
        throw new UsageError(`--${token.name} takes no value; write just --${token.name}`);
      values[token.name] = true;
      continue;
    }
    if (!token.value || (!token.inlineValue && token.value.startsWith("--"))) {
      throw new UsageError(`--${token.name} needs a value; write --${token.name} ${flag.value}`);
    }
    values[token.name] = token.value;
  }
  return values as FlagValues<F>;
}

/** The text that `--help` prints. */
export function helpText(command: Command<Flags>): string {
  const rows = Object.entries({ ...command.flags, help: { help: "this text" } }).map(
    ([name, flag]: [string, Flag]) => ({
      flag: `--${name}${flag.value ? ` ${flag.value}` : ""}`,
      help: flag.help,
    }),
  );
  const width = Math.max(...rows.map((row) => row.flag.length));
  return [
    `${command.name} -- [flags]`,
    "",
    command.summary,
    "",
    ...rows.map((row) => `  ${row.flag.padEnd(width)}  ${row.help}`),
    ...(command.notes ? ["", ...command.notes] : []),
    "",
  ].join("\n");
}

/** A TCP port from a flag, 0–65535; 0 lets the system choose. */
export function parsePort(flag: string, text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) {
    throw new UsageError(`--${flag} is a number from 0 to 65535, not "${text}"`);
  }
  return Number(text);
}

/**
 * Runs a command: `--help` prints the help; whatever is thrown is one line on stderr and an exit code: 2 for a UsageError, the
 * error's own `exitCode` where it has one, else 1. `run` may go on working after it has returned: the process ends when nothing is left to do.
 */
export async function runCommand<const F extends Flags>(
  command: Command<F>,
  argv: readonly string[],
  run: (values: FlagValues<F>) => Promise<void>,
): Promise<void> {
  if (argv.includes("--help")) {
    process.stdout.write(helpText(command));
    return;
  }
  try {
    await run(parseFlags(command, argv));
  } catch (error) {
    process.stderr.write(`${command.name}: ${oneLine(error)}\n`);
    process.exit(exitCodeOf(error));
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return 2;
  return error instanceof Error && "exitCode" in error && typeof error.exitCode === "number"
    ? error.exitCode
    : 1;
}

function seeHelp(command: Command<Flags>): string {
  return `${command.name} -- --help lists what there is`;
}

function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replaceAll(/\s*[\r\n]+\s*/g, " ");
}
