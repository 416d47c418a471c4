import { type ChildProcess, spawn } from "node:child_process";
import { endChild } from "../end-child.ts";

/** A program of ours beside the bench. It ends with it, however that ends: it watches the channel between the two. */
export class Child {
  readonly process: ChildProcess;
  readonly #name: string;
  #said = "";
  #next = 1;

  constructor(
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    flags: readonly string[] = [],
  ) {
    this.#name = program.split("/").at(-1) ?? program;
    this.process = spawn(process.execPath, [...flags, program, ...args], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...process.env, ...env },
    });
    this.process.stderr?.on(
      "data",
      (chunk: Buffer) => (this.#said = (this.#said + String(chunk)).slice(-4_000)),
    );
    this.process.on("error", () => undefined);
  }

  /** The first line on stdout. Rejects with the last line on stderr when the program ends before. */
  firstLine(): Promise<string> {
    return new Promise((resolve, reject) => {
      let text = "";
      this.process.stdout?.on("data", (chunk: Buffer) => {
        text += String(chunk);
        const end = text.indexOf("\n");
        if (end >= 0) resolve(text.slice(0, end));
      });
      this.process.once("close", () => reject(this.#ended()));
    });
  }

  /** Everything on stdout until the program ends. Rejects with the last line on stderr on another exit code than 0. */
  output(): Promise<string> {
    return new Promise((resolve, reject) => {
      const parts: Buffer[] = [];
      this.process.stdout?.on("data", (chunk: Buffer) => parts.push(chunk));
      this.process.once("close", (code) =>
        code === 0 ? resolve(Buffer.concat(parts).toString()) : reject(this.#ended()),
      );
    });
  }

  /** Asks over the channel; the program answers `{ id, answer }` or `{ id, error }`. */
  ask<T>(question: object): Promise<T> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const hear = (message: unknown) => {
        const said = message as { id: number; answer?: T; error?: string };
        if (said.id !== id) return;
        leave();
        if (said.error === undefined) resolve(said.answer as T);
        else reject(new Error(said.error));
      };
      const fail = () => {
        leave();
        reject(this.#ended());
      };
      const leave = () => {
        this.process.off("message", hear);
        this.process.off("close", fail);
      };
      this.process.on("message", hear);
      this.process.once("close", fail);
      this.process.send({ id, ...question }, (error) => error && fail());
    });
  }

  end(): Promise<void> {
    return endChild(this.process);
  }

  #ended(): Error {
    return new Error(`${this.#name} ended: ${lastLine(this.#said) || "it said nothing"}`);
  }
}

/** The other end of `Child.ask`: answers what comes over the channel, and ends with whoever started it. */
export function answerAsked(
  answer: (question: Readonly<Record<string, unknown>>) => Promise<unknown>,
  end: () => Promise<unknown>,
): void {
  const stop = () => {
    setTimeout(() => process.exit(0), 2_000).unref();
    void end().finally(() => process.exit(0));
  };
  process.on("message", (message: { readonly id: number }) => {
    answer({ ...message }).then(
      (result) => process.send?.({ id: message.id, answer: result }),
      (error: unknown) =>
        process.send?.({ id: message.id, error: error instanceof Error ? error.message : String(error) }),
    );
  });
  process.once("disconnect", stop);
  process.once("SIGTERM", stop);
  // A terminal sends it to all of us; whoever started us decides.
  process.on("SIGINT", () => undefined);
}

/** What an uncaught error says stands above its stack, with Node's version below. */
function lastLine(text: string): string {
  const lines = text.trim().split("\n");
  return (lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? "").trim();
}
