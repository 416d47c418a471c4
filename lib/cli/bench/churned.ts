import { join } from "node:path";
import { ensureBuilt } from "../build.ts";
import { Endings } from "../capture/source.ts";
import { productFlags } from "../product-flags.mjs";
import { Child } from "./child.ts";

/** An embedded cluster that changes steadily, or lies still, and the built product at work on it. */
export interface Churned {
  readonly url: string;
  /** Written to by whoever wants to: it is nobody else's. */
  readonly kubeconfig: string;
  readonly server: Child;
  end(): Promise<void>;
}

/** `churn`: events a second, of pods and of blocks each. */
export async function startChurned({ nodes, churn }: { nodes: number; churn: number }): Promise<Churned> {
  await ensureBuilt();
  const endings = new Endings();
  const program = (name: string, args: readonly string[], flags: readonly string[] = []) => {
    const child = new Child(join(import.meta.dirname, name), args, {}, flags);
    endings.add(() => child.end());
    return child;
  };
  try {
    const rates = churn === 0 ? [] : ["--churn", `${churn},${churn}`];
    const cluster = program("../cluster.ts", ["--scenario", "large", "--nodes", String(nodes), ...rates]);
    const kubeconfig = await cluster.firstLine();
    const server = program("cluster-product-child.ts", [kubeconfig], productFlags);
    const url = await server.firstLine();
    const until = Date.now() + 120_000;
    for (;;) {
      const answer = await fetch(`${url}/api/v1/pods?limit=1`);
      const { total } = (await answer.json()) as { total?: number | null };
      if (typeof total === "number") break;
      if (Date.now() > until) throw new Error("Poolboard has not read the cluster after two minutes");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return { url, kubeconfig, server, end: () => endings.run() };
  } catch (error) {
    await endings.run();
    throw error;
  }
}
