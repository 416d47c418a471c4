import type { Measurement } from "./measure.ts";

/** What every case works on. */
export interface BenchContext {
  /** Runs of each subject, interleaved; the median counts. */
  readonly runs: number;
  /** Nodes of generated data; thirty pods and 1.56 blocks each. */
  readonly nodes: number;
  /** Less than two minutes for all cases together. */
  readonly short: boolean;
  /** One line on stderr about what is being done. */
  tell(line: string): void;
}

/** One file each beside this one, named after what it measures. */
export interface BenchCase {
  /** For `--only`. */
  readonly name: string;
  readonly summary: string;
  /** Left out of the short variant. */
  readonly longOnly?: boolean;
  run(context: BenchContext): Promise<readonly Measurement[]>;
}
