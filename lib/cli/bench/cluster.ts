import { join } from "node:path";
import { ensureBuilt } from "../build.ts";
import { Endings } from "../capture/source.ts";
import { Child } from "./child.ts";
import { type Door, Doors } from "./cluster-door.ts";
import { type Product, startProduct } from "./cluster-product.ts";

/** The cluster that the bench works on. Nobody writes to it. */
export interface BenchCluster {
  /** Ours, of generated data; false: the one that the person named. */
  readonly embedded: boolean;
  /** How to reach it directly, without a door. */
  readonly source: { readonly kubeconfig: string; readonly context?: string };
  /** A counted way to its API server, for one client. */
  door(): Promise<Door>;
}

export interface ClusterOptions {
  /** Null: the embedded one. */
  readonly source: BenchCluster["source"] | null;
  /** Of the embedded one. */
  readonly nodes: number;
  tell(line: string): void;
}

/** Starts the cluster and the product when they are first asked for, once each; both end with `end`. */
export class Stage {
  readonly #options: ClusterOptions;
  readonly #endings = new Endings();
  #cluster: Promise<BenchCluster> | null = null;
  #product: Promise<Product> | null = null;

  constructor(options: ClusterOptions) {
    this.#options = options;
  }

  cluster(): Promise<BenchCluster> {
    return (this.#cluster ??= this.#openCluster());
  }

  product(): Promise<Product> {
    return (this.#product ??= this.startProduct());
  }

  /** Another server on the same cluster; it ends with the rest unless it is ended before. */
  async startProduct(): Promise<Product> {
    const door = await (await this.cluster()).door();
    // Not part of what is measured.
    await ensureBuilt();
    this.#options.tell("starting Poolboard and waiting until it has read the cluster");
    const product = await startProduct(door);
    this.#endings.add(product.end);
    return product;
  }

  /** What was worked on; null: no case has asked for the cluster. */
  async facts() {
    const [cluster, product] = await Promise.all([this.#cluster, this.#product]).catch(() => []);
    if (!cluster) return null;
    const total = async (list: string) =>
      (await product?.get<{ total: number | null }>(`${list}?limit=1`).catch(() => null))?.total ?? null;
    return {
      embedded: cluster.embedded,
      nodes: await total("nodes"),
      pods: await total("pods"),
      blocks: await total("blocks"),
    };
  }

  end(): Promise<void> {
    return this.#endings.run();
  }

  async #openCluster(): Promise<BenchCluster> {
    const named = this.#options.source;
    const source = named ?? { kubeconfig: await this.#startEmbedded() };
    const doors = await Doors.start(source);
    this.#endings.add(() => doors.end());
    return { embedded: named === null, source, door: () => doors.open() };
  }

  async #startEmbedded(): Promise<string> {
    const { nodes, tell } = this.#options;
    tell(`starting the embedded cluster: ${nodes} nodes, ${nodes * 30} pods`);
    const program = join(import.meta.dirname, "..", "cluster.ts");
    const child = new Child(program, ["--scenario", "large", "--nodes", String(nodes)]);
    this.#endings.add(() => child.end());
    return child.firstLine();
  }
}
