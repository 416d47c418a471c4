import type { BenchCluster } from "./cluster.ts";
import type { Product } from "./cluster-product.ts";
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
  /**
   * The cluster that the bench works on: the embedded one with `nodes` nodes, or the one that the person named. Started when
   * it is first asked for, the same for all cases, ended by the bench. Read only: a case that writes starts one of its own.
   */
  cluster(): Promise<BenchCluster>;
  /** The built product at work on that cluster, everything live; one for all cases, ended by the bench. */
  product(): Promise<Product>;
  /** Another one beside it, for a case that needs it fresh. */
  startProduct(): Promise<Product>;
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
