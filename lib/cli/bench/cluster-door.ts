import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubeconfigText } from "../../sim/kubeconfig-file.ts";
import { Child } from "./child.ts";

/** What went through a door so far. */
export interface Asked {
  readonly requests: number;
  /** Bodies of the answers, as they were sent: compressed ones count compressed. */
  readonly bytes: number;
  /** Watches that are open now. */
  readonly openWatches: number;
  /** The same by what was asked: "GET /api/v1/pods" (pages of one list count each), "WATCH /api/v1/pods". */
  readonly paths: Readonly<Record<string, { readonly requests: number; readonly bytes: number }>>;
}

/**
 * What a server asks by the clock, whoever looks: a sign of life, which kinds are served, how Calico is installed. Watches
 * too, which are opened again every few minutes; and the list of Events (39 bytes where no pod has failed): their watch gets no
 * bookmarks, so its version may be too old when it is opened again (seen with Kubernetes 1.36 after ten silent minutes).
 */
const upkeep = [
  /^WATCH /,
  /^GET \/(version|apis?|api\/v1|apis\/[^/]+\/[^/]+)$/,
  /^GET .*\/(installations\/default|clusterinformations\/default|daemonsets\/calico-node)$/,
  /^GET \/api\/v1\/events$/,
  /^GET .*\/configmaps\/(calico-config|cni-config)$/,
];

/** What the server itself may do: kept for a minute, for all who look. */
const review = /^POST .*reviews$/;

/** What was asked for somebody: all but upkeep, and reviews apart. */
export function askedForReaders({ paths }: Asked): {
  readonly requests: number;
  readonly bytes: number;
  readonly reviews: number;
} {
  const sum = { requests: 0, bytes: 0, reviews: 0 };
  for (const [name, { requests, bytes }] of Object.entries(paths)) {
    if (upkeep.some((pattern) => pattern.test(name))) continue;
    if (review.test(name)) {
      sum.reviews += requests;
      continue;
    }
    sum.requests += requests;
    sum.bytes += bytes;
  }
  return sum;
}

/** A way to the API server of its own for one client: it counts what goes through, and lets no write through. */
export interface Door {
  /** One context, no secret: the door has the credentials. */
  readonly kubeconfig: string;
  readonly url: string;
  asked(): Promise<Asked>;
}

/** The doors of one cluster, all in one child, so that nothing that keeps the bench busy keeps a client waiting. */
export class Doors {
  readonly #child: Child;
  readonly #folder: string;

  private constructor(child: Child, folder: string) {
    this.#child = child;
    this.#folder = folder;
  }

  /** Rejects with one line when the kubeconfig cannot be used or the API server does not answer. */
  static async start(source: { readonly kubeconfig: string; readonly context?: string }): Promise<Doors> {
    const folder = await mkdtemp(join(tmpdir(), "poolboard-bench-"));
    const child = new Child(join(import.meta.dirname, "cluster-door-child.ts"), [JSON.stringify(source)]);
    const doors = new Doors(child, folder);
    try {
      await child.ask({ what: "reach" });
      return doors;
    } catch (error) {
      await doors.end();
      throw error;
    }
  }

  async open(): Promise<Door> {
    const { port } = await this.#child.ask<{ port: number }>({ what: "open" });
    const url = `http://127.0.0.1:${port}`;
    const kubeconfig = join(this.#folder, `kubeconfig-${port}`);
    await writeFile(kubeconfig, kubeconfigText(url, "bench"), { mode: 0o600 });
    return { kubeconfig, url, asked: () => this.#child.ask<Asked>({ what: "asked", port }) };
  }

  async end(): Promise<void> {
    await this.#child.end();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
