import { Worker } from "node:worker_threads";
import { type SortInput, sortRows } from "./sort-rows.ts";

/** Fewer rows are sorted where they are: that takes a quarter of a slice, a message to a thread and back no less. */
const fewRows = 4_096;
/** A thread that has had nothing to do for so long ends, with all its memory. */
const idleMs = 60_000;

interface Waiting {
  resolve(rows: Uint32Array): void;
  reject(error: unknown): void;
}

/** Sorts for the whole process, one input after the other. Holds the process only while something is being sorted. */
class SortThread {
  private worker: Worker | null = null;
  private readonly waiting: Waiting[] = [];
  private idle: NodeJS.Timeout | null = null;

  /** The input is copied before this returns. Rejects when there is no thread to be had. */
  sort(input: SortInput): Promise<Uint32Array> {
    if (this.idle) clearTimeout(this.idle);
    return new Promise((resolve, reject) => {
      const worker = (this.worker ??= this.start());
      worker.postMessage(input);
      worker.ref();
      this.waiting.push({ resolve, reject });
    });
  }

  private start(): Worker {
    const worker = new Worker(workerFile());
    worker.unref();
    worker.on("message", (rows: Uint32Array) => {
      this.waiting.shift()?.resolve(rows);
      if (this.waiting.length === 0) this.rest(worker);
    });
    worker.on("error", (error) => this.end(worker, error));
    worker.on("exit", () => this.end(worker, new Error("the thread that sorts has ended")));
    return worker;
  }

  private rest(worker: Worker): void {
    worker.unref();
    this.idle = setTimeout(() => {
      this.end(worker, null);
      void worker.terminate();
    }, idleMs).unref();
  }

  private end(worker: Worker, error: Error | null): void {
    if (this.worker !== worker) return;
    this.worker = null;
    for (const one of this.waiting.splice(0)) one.reject(error);
  }
}

/** Next bundles this module several times; what it shares lives on `globalThis`. */
const shared = globalThis as unknown as Record<symbol, unknown>;
const threadKey = Symbol.for("poolboard.sortThread");
const fileKey = Symbol.for("poolboard.sortWorkerFile");

// A bundle does not know where the sources are. The program that serves it has loaded this module from there before.
const { filename } = import.meta;
if (filename?.endsWith("sort-thread.ts"))
  shared[fileKey] ??= filename.replace(/sort-thread\.ts$/, "sort-worker.ts");

function workerFile(): string {
  const file = shared[fileKey];
  if (typeof file !== "string")
    throw new Error("nobody has said where the thread that sorts has its program");
  return file;
}

/**
 * The rows in order, sorted in a thread of its own so that nobody waits who has not asked: an order of 150,000 names takes
 * as long as ten slices. `input` is asked for at once, and once more if there is no thread to be had: then it is sorted here.
 */
export async function sorted(input: () => SortInput): Promise<Uint32Array> {
  const first = input();
  if (first.rows.length <= fewRows) return sortRows(first);
  const thread = (shared[threadKey] ??= new SortThread()) as SortThread;
  try {
    return await thread.sort(first);
  } catch {
    return sortRows(input());
  }
}
