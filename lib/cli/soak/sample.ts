import { readdir, readFile, readlink } from "node:fs/promises";

/** The event loop is looked at this often; what is waited for is taken off. */
export const loopResolutionMs = 10;

/** What the product says of itself; stalls are since it was asked before. Bytes are those after a collection, but for `rssBytes`. */
export interface Vitals {
  readonly p99Ms: number;
  readonly longestMs: number;
  readonly timers: number;
  /** What else keeps the loop alive: sockets, servers, requests. */
  readonly handles: number;
  /** Processor time since the start, all threads. */
  readonly cpuMs: number;
  /** Viewers that are being fed. */
  readonly streams: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** What V8 has taken from the system for the heap, used or not. */
  readonly heapTakenBytes: number;
  readonly externalBytes: number;
  readonly bufferBytes: number;
}

export interface Sample extends Vitals {
  /** Seconds since the run began. */
  readonly at: number;
  /** Null where there is no /proc. */
  readonly sockets: number | null;
  readonly descriptors: number | null;
  /** Longest stall of a process beside it that does nothing: what the machine does to everybody. */
  readonly idleLongestMs: number;
  readonly idleP99Ms: number;
  /** Processors in use since the sample before. */
  readonly processors: number;
  /**
   * The share of the time since then in which the product's main thread could have worked and had no processor; null where the
   * system does not tell.
   */
  readonly waited: number | null;
  /** First lists asked for so far, by resource. */
  readonly lists: Readonly<Record<string, number>>;
  readonly writes: { readonly pods: number; readonly blocks: number };
  readonly requests: number;
}

/** For how long the main thread of a process has waited for a processor so far; null where the system does not tell. */
export async function waitedMsOf(pid: number): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/schedstat`, "utf8").catch(() => "");
  const nanoseconds = /^\d+ (\d+)/.exec(text)?.[1];
  return nanoseconds === undefined ? null : Number(nanoseconds) / 1e6;
}

/** Open file descriptors of a process, and how many of them are sockets; null where there is no /proc. */
export async function descriptorsOf(
  pid: number,
): Promise<{ readonly descriptors: number; readonly sockets: number } | null> {
  try {
    const folder = `/proc/${pid}/fd`;
    const names = await readdir(folder);
    const targets = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => "")));
    return {
      descriptors: targets.filter((target) => target !== "").length,
      sockets: targets.filter((target) => target.startsWith("socket:")).length,
    };
  } catch {
    return null;
  }
}
