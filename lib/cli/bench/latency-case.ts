import { chromium, type Page } from "playwright-core";
import { type ClusterConnection, openCluster } from "../../kube/connection.ts";
import { listAll, mergePatch } from "../../kube/objects.ts";
import { followWatch } from "../../kube/watch.ts";
import { servedKind } from "../../calico/dialect.ts";
import { findBrowser } from "../browser.ts";
import type { BenchCase } from "./case.ts";
import { startChurned } from "./churned.ts";
import type { Measurement } from "./measure.ts";

/** The most that a change waits for others. */
const gatheredMs = 250;
const pool = "big";
const pools = servedKind("crd-v1", "IPPool");

export const latencyCase: BenchCase = {
  name: "latency",
  summary: "from the watch event to the pixel, in a real Chromium that shows the pools",
  async run({ short, tell }) {
    const rows: Measurement[] = [];
    for (const churn of [0, 250]) {
      tell(churn === 0 ? "changes one by one" : `changes among ${2 * churn} others a second`);
      const samples = await latencies(churn, short ? 8 : 40);
      const name = churn === 0 ? "event to pixel, alone" : `event to pixel, among ${2 * churn} a second`;
      const most = churn === 0 ? 25 : gatheredMs + 25;
      for (const share of [50, 95]) {
        const row = { value: percentile(samples, share), against: null, unit: "ms" } as const;
        // The slowest of a few is what the machine did, not what we do.
        const isMeant = share === (short ? 50 : 95);
        rows.push({ name: `${name}: p${share}`, ...row, ...(isMeant ? { target: { value: most } } : {}) });
      }
    }
    return rows;
  },
};

/** How long after a client with a watch of its own a page shows that a pool changed, in milliseconds. */
async function latencies(churn: number, count: number): Promise<number[]> {
  const { url, kubeconfig, end } = await startChurned({ nodes: 100, churn });
  const { executablePath, args, env } = await findBrowser();
  const browser = await chromium.launch({ executablePath, args: [...args], env });
  const cluster = await openCluster({ kubeconfig });
  const watch = new PoolWatch(cluster);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${url}/pools`);
    await page.getByRole("row", { name: pool }).waitFor();
    await page.getByText(/^Live/).first().waitFor();
    const ahead = await clockAhead(page);
    const samples: number[] = [];
    for (let turn = 0; turn < count; turn += 1) {
      // A field that nothing else in the cluster acts on.
      const natOutgoing = turn % 2 !== 0;
      const shown = await whenShown(page, natOutgoing);
      const told = watch.next();
      await mergePatch(
        cluster,
        { resource: pools, name: pool },
        { spec: { natOutgoing } },
        { fieldManager: "bench" },
      );
      samples.push((await shown()) - ahead - (await told));
      // Longer than changes are gathered, and at any place of such a stretch.
      await new Promise((resolve) => setTimeout(resolve, 400 + Math.random() * gatheredMs));
    }
    return samples;
  } finally {
    watch.end();
    await cluster.close();
    await browser.close();
    await end();
  }
}

/** A client like any other; it hears of a change when Poolboard does. */
class PoolWatch {
  readonly #stop = new AbortController();
  #tell: (at: number) => void = () => undefined;

  constructor(cluster: ClusterConnection) {
    void this.#follow(cluster).catch(() => undefined);
  }

  /** When the next event comes, by the clock of this process. */
  next(): Promise<number> {
    return new Promise((resolve) => (this.#tell = resolve));
  }

  end(): void {
    this.#stop.abort();
  }

  async #follow(cluster: ClusterConnection): Promise<void> {
    const { resourceVersion } = await listAll(cluster, pools);
    const { signal } = this.#stop;
    await followWatch(
      cluster,
      { resource: pools, kind: "IPPool", resourceVersion, timeoutSeconds: 600, signal },
      {
        opened: () => undefined,
        heard: () => undefined,
        event: ({ type }) => {
          if (type === "MODIFIED") this.#tell(performance.now());
        },
      },
    );
  }
}

/**
 * How far the clock of the page as it is loaded now is ahead of ours, in milliseconds, right to half of the quickest answer. Both
 * only ever go forward; the time of day does not: it was set while a bench ran, and every change seemed to take 34 s.
 */
async function clockAhead(page: Page): Promise<number> {
  const readings: { ahead: number; took: number }[] = [];
  for (let turn = 0; turn < 20; turn += 1) {
    const asked = performance.now();
    const there = await page.evaluate(() => performance.now());
    const took = performance.now() - asked;
    readings.push({ ahead: there - asked - took / 2, took });
  }
  return readings.reduce((best, reading) => (reading.took < best.took ? reading : best)).ahead;
}

/**
 * Waits in the page until the pool's row says that its addresses are translated, or no longer does, and the frame with it has been
 * painted; the time of that, by the page's clock.
 */
async function whenShown(page: Page, natOutgoing: boolean): Promise<() => Promise<number>> {
  const watching = await page.evaluateHandle(
    ([name, wanted]) => {
      const isShown = () =>
        [...document.querySelectorAll("tr")].some(
          ({ textContent }) => textContent.startsWith(name) && textContent.includes("NAT out") === wanted,
        );
      const painted = new Promise<number>((resolve) => {
        const observer = new MutationObserver(() => {
          if (!isShown()) return;
          observer.disconnect();
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.now());
            port2.postMessage(null);
          });
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      });
      return { painted };
    },
    [pool, natOutgoing] as const,
  );
  return () => watching.evaluate(({ painted }) => painted);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * share) / 100))] ?? Number.NaN;
}
