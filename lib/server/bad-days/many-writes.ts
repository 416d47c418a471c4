import * as creating from "../../../app/api/v1/pools/route.ts";
import * as changing from "../../../app/api/v1/pools/[name]/route.ts";
import * as undoing from "../../../app/api/v1/activity/[id]/undo/route.ts";
import { record, text } from "../../calico/reading.ts";
import { servedKind } from "../../calico/dialect.ts";
import type { Activity } from "../../contract/activity.ts";
import { listAll, mergePatch } from "../../kube/objects.ts";
import { followWatch } from "../../kube/watch.ts";
import { listed } from "../activity/testing.ts";
import { pageRequest } from "../testing.ts";
import type { PoolWorld } from "../write/testing-pools.ts";
import { markKey } from "./contention.ts";
import { until } from "./until.ts";

/** One thing that somebody does, at the same time as others. Numbers choose among what there is at that moment. */
export interface Deed {
  readonly kind: "change" | "create" | "undo" | "kubectl";
  readonly pool: number;
  readonly field: "disabled" | "natOutgoing" | "disableBGPExport";
  readonly value: boolean;
  /** What they looked at before: the newest, what they saw long ago, or a pool that was there before this one. */
  readonly seen: "newest" | "old" | "another";
  readonly dryRun: boolean;
}

/** One version of a pool, as the API server told whoever looked on. */
interface Version {
  readonly name: string;
  readonly revision: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

interface Attempt {
  readonly requestId: string;
  readonly status: number;
  readonly detail: string;
}

const resource = servedKind("crd-v1", "IPPool");

/** Several writers on the pools of one cluster; what they did, what the API server saw, and what the log says of it. */
export class ManyWrites {
  readonly #world: PoolWorld;
  readonly #first = new Map<string, Version>();
  readonly #newest = new Map<string, Version>();
  /** Of each pool, the version up to which the log has been compared. */
  readonly #compared = new Map<string, Version>();
  readonly #uids = new Map<string, string>();
  /** Every version of every pool, in the order of the API server. */
  readonly #history: Version[] = [];
  readonly #byKubectl = new Set<string>();
  readonly #looking = new AbortController();
  #attempts: Attempt[] = [];
  #undoable: string[] = [];
  #told = 0;
  #marks = 0;
  #isWatching = true;
  attempted = 0;
  done = 0;
  changes = 0;

  constructor(world: PoolWorld) {
    this.#world = world;
  }

  /** Begins to look on. */
  async start(): Promise<void> {
    const { items, resourceVersion } = await listAll(this.#world.connection, resource);
    for (const raw of items) this.#see(raw);
    for (const version of this.#history) this.#compared.set(version.name, version);
    this.#history.length = 0;
    const sink = {
      opened() {},
      heard() {},
      event: (event: { readonly type: string }) => {
        if (event.type !== "BOOKMARK" && "raw" in event) this.#see(event.raw);
      },
    };
    const watch = {
      resource,
      resourceVersion,
      timeoutSeconds: 3_600,
      kind: "IPPool",
      signal: this.#looking.signal,
    };
    void followWatch(this.#world.connection, watch, sink)
      .catch(() => undefined)
      .finally(() => (this.#isWatching = false));
  }

  stop(): void {
    this.#looking.abort();
  }

  /** All at the same time. */
  async together(deeds: readonly Deed[]): Promise<void> {
    await Promise.all(deeds.map((deed) => this.#act(deed)));
    await this.#caughtUp();
  }

  /** What is not as it must be since this was asked last, in words; empty when all is well. */
  async wrong(): Promise<string[]> {
    const wrong: string[] = [];
    const entries = await this.#newEntries();
    const byRequest = new Map<string, Activity[]>();
    for (const entry of entries)
      byRequest.set(entry.requestId, [...(byRequest.get(entry.requestId) ?? []), entry]);
    for (const attempt of this.#attempts) {
      const own = byRequest.get(attempt.requestId) ?? [];
      const [entry] = own;
      if (own.length !== 1 || !entry)
        wrong.push(`${attempt.requestId} (${attempt.status}) has ${own.length} entries`);
      else if (!says(entry, attempt))
        wrong.push(`${attempt.status} ${attempt.detail} is kept as ${entry.result}`);
    }
    if (entries.length !== this.#attempts.length)
      wrong.push(`${this.#attempts.length} attempts have ${entries.length} entries`);
    wrong.push(...this.#unexplained(entries));
    this.attempted += this.#attempts.length;
    this.#attempts = [];
    return wrong;
  }

  /** Each version that is not kubectl's is what exactly one entry says was done, to the version before it. */
  #unexplained(entries: readonly Activity[]): string[] {
    const wrong: string[] = [];
    const changed = entries.filter(
      ({ result, resourceVersion: { before, after } }) => result === "done" && before !== after,
    );
    const byVersion = new Map<string, Activity[]>();
    for (const entry of changed) {
      const key = `${entry.object?.name} ${entry.resourceVersion.after}`;
      byVersion.set(key, [...(byVersion.get(key) ?? []), entry]);
    }
    this.done += changed.length;
    for (const version of this.#history) {
      const { name, revision } = version;
      const before = this.#compared.get(name);
      this.#compared.set(name, version);
      if (this.#byKubectl.delete(`${name} ${revision}`)) continue;
      this.changes += 1;
      const causes = byVersion.get(`${name} ${revision}`) ?? [];
      const [entry] = causes;
      if (causes.length !== 1 || !entry) wrong.push(`${name} ${revision}: ${causes.length} entries`);
      else if (!leadsTo(entry, before, version))
        wrong.push(`${name} ${revision} is not what ${entry.id} says`);
      byVersion.delete(`${name} ${revision}`);
    }
    for (const key of byVersion.keys())
      wrong.push(`${key} is said to be done, and the API server never had it`);
    this.#history.length = 0;
    return wrong;
  }

  async #newEntries(): Promise<Activity[]> {
    const entries: Activity[] = [];
    for (;;) {
      const page = await listed(`?dryRun=true&sort=at&limit=500&offset=${this.#told}`);
      entries.push(...page);
      this.#told += page.length;
      if (page.length < 500) break;
    }
    this.#undoable = entries
      .filter(({ result, action }) => result === "done" && action !== "create")
      .map(({ id }) => id);
    return entries;
  }

  async #act(deed: Deed): Promise<void> {
    const names = [...this.#uids.keys()];
    const name = names[deed.pool % names.length] ?? "";
    const query = deed.dryRun ? "?dryRun=true" : "";
    if (deed.kind === "kubectl") return this.#kubectl(name, deed);
    if (deed.kind === "create") {
      const body = { manifest: manifest(deed.pool) };
      return this.#send(creating.POST, "POST", `/api/v1/pools${query}`, {}, body);
    }
    const id = this.#undoable[deed.pool % Math.max(1, this.#undoable.length)];
    if (deed.kind === "undo" && id !== undefined)
      return this.#send(undoing.POST, "POST", `/api/v1/activity/${id}/undo${query}`, { id }, {});
    const seen = (deed.seen === "old" ? this.#first : this.#newest).get(name);
    const body = {
      uid: deed.seen === "another" ? "somebody-else" : (this.#uids.get(name) ?? ""),
      resourceVersion: seen?.revision ?? "1",
      [deed.field]: deed.value,
    };
    return this.#send(changing.PATCH, "PATCH", `/api/v1/pools/${name}${query}`, { name }, body);
  }

  async #send(
    handler: (request: Request, context: { params: Promise<Record<string, unknown>> }) => Promise<Response>,
    method: string,
    path: string,
    params: Readonly<Record<string, unknown>>,
    body: unknown,
  ): Promise<void> {
    const request = pageRequest(method, path, { body: JSON.stringify(body) });
    const response = await handler(request, { params: Promise.resolve(params) });
    const requestId = response.headers.get("x-request-id") ?? "";
    const answer = record(await response.json());
    // A document of a manifest has an outcome of its own.
    const problem = record(record((answer["results"] as unknown[] | undefined)?.[0])["problem"]);
    const status = typeof problem["status"] === "number" ? problem["status"] : response.status;
    this.#attempts.push({ requestId, status, detail: text(problem["detail"] ?? answer["detail"]) ?? "" });
  }

  /** Asks nobody what is there. */
  async #kubectl(name: string, { field, value }: Deed): Promise<void> {
    this.#marks += 1;
    // Each is another text, so each is a change.
    const metadata = { annotations: { [markKey]: String(this.#marks) } };
    const patch = { metadata, spec: { [field]: value } };
    const { connection } = this.#world;
    const raw = await mergePatch(connection, { resource, name }, patch, { fieldManager: "kubectl-patch" });
    this.#byKubectl.add(`${name} ${versionOf(raw).revision}`);
  }

  #see(raw: unknown): void {
    const version = versionOf(raw);
    const { name } = version;
    if (!this.#uids.has(name)) {
      this.#uids.set(name, text(record(record(raw)["metadata"])["uid"]) ?? "");
      this.#first.set(name, version);
    }
    this.#history.push(version);
    this.#newest.set(name, version);
  }

  /** Whoever looks on has seen everything that was written. */
  async #caughtUp(): Promise<void> {
    const { items } = await listAll(this.#world.connection, resource);
    for (const raw of items) {
      const { name, revision } = versionOf(raw);
      await until(() => this.#newest.get(name)?.revision === revision || !this.#isWatching);
    }
  }
}

/** Four that overlap nothing, and each of them time and again. */
function manifest(number: number): string {
  const at = number % 4;
  return `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata:\n  name: made-${at}\nspec:\n  cidr: 10.80.${at}.0/24\n`;
}

function versionOf(raw: unknown): Version {
  const { metadata, spec } = record(raw);
  const { name, resourceVersion } = record(metadata);
  return { name: text(name) ?? "", revision: text(resourceVersion) ?? "", spec: record(spec) };
}

/** Does the entry say what the answer said? Written and then changed by somebody else is both done and a conflict. */
function says({ result, dryRun }: Activity, { status, detail }: Attempt): boolean {
  if (status === 200) return result === (dryRun ? "dryRun" : "done");
  if (/was written, and something else/.test(detail)) return result === "done";
  if (status === 409) return result === "conflict";
  return status === 422 && result === "refused";
}

/** The version before it is the one that was seen, and the difference is what was asked for. */
function leadsTo(entry: Activity, before: Version | undefined, after: Version): boolean {
  if (entry.action === "create") return entry.to?.["cidr"] === after.spec["cidr"];
  if (!before || !entry.to || !entry.from || entry.resourceVersion.before !== before.revision) return false;
  const was = (value: unknown) => value ?? false;
  return Object.keys(entry.to).every(
    (field) =>
      was(before.spec[field]) === entry.from?.[field] && was(after.spec[field]) === entry.to?.[field],
  );
}
