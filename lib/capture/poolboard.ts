import type { APIRequestContext, APIResponse } from "playwright-core";
import type * as z from "zod/mini";
import { Cluster } from "../contract/cluster.ts";
import { PoolList } from "../contract/pools.ts";
import { Problem } from "../contract/problem.ts";
import { CaptureFailure } from "./failure.ts";

/** What a set of pictures is taken of. */
export interface State {
  readonly cluster: Cluster;
  /** The newest time that the objects carry, RFC 3339; null: none does. */
  readonly lastChange: string | null;
  /** How old the server's data is, in milliseconds. */
  readonly ageMs: number;
}

/** Between two questions to a server that is not ready, in milliseconds. */
const pauseMs = 200;
/** How long a cluster that cannot be looked at may go on so. */
const troubleMs = 10_000;
/** How long a server that reads may take for it, and be silent. */
const readingMs = 300_000;
const answerMs = 30_000;

/** Poolboard's answers to whoever takes the pictures. */
export class Poolboard {
  readonly origin: string;
  /** How the person named it: an address, a kubeconfig, a scenario. */
  readonly #named: string;
  readonly #token: string | null;
  readonly #request: APIRequestContext;

  constructor(origin: string, named: string, token: string | null, request: APIRequestContext) {
    this.origin = origin;
    this.#named = named;
    this.#token = token;
    this.#request = request;
  }

  /**
   * Waits until the server has read everything that it may read.
   * @throws CaptureFailure 3 when nobody answers, the cluster cannot be looked at or is not Calico's; 2 when a login is missing
   */
  async settled(signal: AbortSignal): Promise<State> {
    const startedAt = performance.now();
    let troubledAt: number | null = null;
    for (;;) {
      const { state, wait, trouble } = await this.#look();
      if (state) return state;
      const now = performance.now();
      troubledAt = trouble ? (troubledAt ?? now) : null;
      if (trouble && now - (troubledAt ?? now) >= troubleMs) throw this.#unreachable(trouble);
      if (now - startedAt >= readingMs) throw this.#unreachable(wait);
      await pause(pauseMs, signal);
    }
  }

  /**
   * The state as it is.
   * @throws CaptureFailure 3 when it cannot be told any more
   */
  async state(): Promise<State> {
    const { state, wait } = await this.#look();
    if (!state) throw this.#unreachable(wait);
    return state;
  }

  /** The names of the pools, by name; null when they may not be read. */
  async pools(): Promise<readonly string[] | null> {
    const names: string[] = [];
    for (let offset: number | undefined = 0; offset !== undefined;) {
      const response = await this.#get(`/api/v1/pools?limit=500&sort=name&offset=${offset}`);
      const { items, next }: z.infer<typeof PoolList> = await this.#body(response, PoolList);
      if (items === null) return null;
      names.push(...items.map(({ name }) => name));
      offset = next;
    }
    return names.sort();
  }

  async #look(): Promise<{ state: State | null; wait: string; trouble: string | null }> {
    const response = await this.#get("/api/v1/cluster?lastChange=true");
    if (!response.ok()) {
      const problem = await this.#problem(response);
      if (problem.code !== "starting") throw this.#refused(response, problem);
      return { state: null, wait: problem.detail, trouble: problem.trouble ?? null };
    }
    const cluster = await this.#body(response, Cluster);
    if (!cluster.calico.detected) {
      const { name, calico } = cluster;
      const from = calico.ipam === null ? "from nobody knows whom" : `from ${calico.ipam}`;
      throw new CaptureFailure(
        3,
        `pods of ${name} get their addresses ${from}, not from Calico IPAM; name a cluster where Calico IPAM gives them`,
      );
    }
    if (cluster.stale)
      return { state: null, wait: "it lost the cluster", trouble: "Poolboard has lost the cluster" };
    const reading = cluster.unknown?.find(({ field }) => field === "lastChange");
    if (!cluster.ready || reading) {
      return { state: null, wait: reading?.reason ?? "it is reading the cluster", trouble: null };
    }
    const ageMs = Number(response.headers()["x-poolboard-age-ms"] ?? 0);
    return { state: { cluster, lastChange: cluster.lastChange ?? null, ageMs }, wait: "", trouble: null };
  }

  async #get(path: string): Promise<APIResponse> {
    const headers: Record<string, string> =
      this.#token === null ? {} : { authorization: `Bearer ${this.#token}` };
    try {
      return await this.#request.get(`${this.origin}${path}`, {
        headers,
        maxRedirects: 0,
        timeout: answerMs,
      });
    } catch {
      throw new CaptureFailure(
        3,
        `${this.#named} does not answer; start Poolboard there, or name another --url`,
      );
    }
  }

  async #body<Schema extends z.ZodMiniType>(response: APIResponse, schema: Schema): Promise<z.infer<Schema>> {
    if (!response.ok()) throw this.#refused(response, await this.#problem(response));
    const parsed = schema.safeParse(await response.json().catch(() => null));
    if (parsed.success) return parsed.data;
    throw this.#stranger();
  }

  async #problem(response: APIResponse): Promise<Problem> {
    const parsed = Problem.safeParse(await response.json().catch(() => null));
    if (parsed.success) return parsed.data;
    throw this.#stranger();
  }

  #refused(response: APIResponse, problem: Problem): CaptureFailure {
    if (response.status() === 401) {
      return new CaptureFailure(
        2,
        `${this.#named} wants a login; set POOLBOARD_TOKEN to its token, or give --url the whole link that npm start printed`,
      );
    }
    return this.#unreachable(problem.detail === "" ? problem.title : problem.detail);
  }

  #unreachable(reason: string): CaptureFailure {
    return new CaptureFailure(
      3,
      `the cluster of ${this.#named} cannot be read: ${reason.replace(/[.\s]+$/, "")}; see that it runs and may be reached`,
    );
  }

  #stranger(): CaptureFailure {
    return new CaptureFailure(3, `${this.#named} is not Poolboard; name the address of one with --url`);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(new Error("interrupted"));
      },
      { once: true },
    );
  });
}
