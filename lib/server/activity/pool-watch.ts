import { sandboxFailureText } from "../../calico/pod.ts";
import type { Activity, ActivityWatch, WatchFinding } from "../../contract/activity.ts";
import { personName } from "../../format/person.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";
import type { SandboxFailure } from "../../inventory/sandbox-failure.ts";
import type { Pool } from "../../ipam/pool.ts";
import type { TunnelType } from "../../ipam/attribute-kind.ts";
import { differing, type Fields, type Kept, pick } from "./kept.ts";
import { poolFields, takesAddresses } from "./pool-fields.ts";
import { isAboutPool } from "./pool-mentions.ts";
import { type Tunnel, tunnelFinding } from "./pool-tunnels.ts";
import { after, interrupted, keptFindings, nowText, opening, seenText, sentence } from "./watch-words.ts";
import { writerOf } from "./writer-of.ts";

export const WATCH_MS = 5 * 60_000;

interface Init {
  readonly inventory: Inventory;
  readonly activity: Activity;
  /** The pool's fields as the write left them; null: it deleted the pool. */
  readonly left: Fields | null;
  /** The pool as it was before; null: there was none. */
  readonly before: Pool | null;
  /** Nodes that had a tunnel address in the pool before the write. */
  readonly tunnels: ReadonlyMap<string, readonly Tunnel[]>;
  /** Told whenever there is something new to say; the last time with a verdict. */
  readonly save: (watch: ActivityWatch) => void;
}

/** The minutes after one write to one pool. It is told what has changed, and looks at nothing else. */
export class PoolWatch {
  readonly pool: string;
  readonly #inventory: Inventory;
  readonly #activity: Activity;
  readonly #before: Pool | null;
  readonly #tunnels: Init["tunnels"];
  readonly #save: Init["save"];
  readonly #since: number;
  readonly #until: string;
  readonly #findings = new Map<string, WatchFinding>();
  /** Node rows as they were when they were looked at last. */
  readonly #nodes = new Map<string, unknown>();
  /** The fields that this write is about: whoever writes one of them again takes its place. */
  readonly #own: readonly string[];
  /** It can move tunnel addresses and make pods fail; whatever does so after a write that cannot is the doing of another. */
  readonly #moves: boolean;
  #expected: Fields | null;
  #isLetGo = false;
  #ended = false;

  constructor({ inventory, activity, left, before, tunnels, save }: Init) {
    this.pool = activity.object?.name ?? "";
    this.#inventory = inventory;
    this.#activity = activity;
    this.#before = before;
    this.#tunnels = tunnels;
    this.#save = save;
    this.#expected = left;
    const isWhole = activity.action === "create" || activity.action === "delete";
    this.#own = isWhole ? takesAddresses : Object.keys(activity.to ?? {});
    this.#moves = this.#own.some((field) => takesAddresses.includes(field));
    this.#since = Date.parse(activity.at);
    this.#until = new Date(this.#since + WATCH_MS).toISOString();
  }

  get ended(): boolean {
    return this.#ended;
  }

  get state(): ActivityWatch {
    return { until: this.#until, verdict: null, text: null, findings: keptFindings(this.#findings.values()) };
  }

  /** The pool may be another than before. */
  lookAtPool(): void {
    if (this.#ended) return;
    const row = this.#inventory.space.pools.get("", this.pool);
    if (this.#activity.action === "delete") {
      if (row && row.uid !== this.#activity.object?.uid) this.#backAgain(row);
      return;
    }
    // Nothing holds a pool that is being deleted once it is disabled: the write let it go, as was foretold.
    this.#isLetGo ||= !row && this.#before?.deleting === true && this.#expected?.["disabled"] === true;
    if (this.#isLetGo && !row) return;
    if (!row) return this.#gone("It was deleted");
    if (row.uid !== this.#activity.object?.uid) return this.#gone("It was deleted and created anew");
    const now = poolFields(row.pool);
    const fields = this.#expected ? differing(now, this.#expected) : [];
    if (fields.length === 0) return;
    const { from } = this.#activity;
    const back = fields.filter(
      (field) => from && field in from && JSON.stringify(from[field]) === JSON.stringify(now[field]),
    );
    const who = writerOf(row, fields);
    if (back.length > 0) {
      this.#find("pool", "reverted", { kind: "Manager", name: who }, nowText(back, now));
      return this.#end("reverted", `${who} changed it back ${this.#age()}: ${nowText(back, now)}.`);
    }
    this.#find(`pool ${fields.join()}`, "changed", { kind: "Manager", name: who }, nowText(fields, now));
    this.#expected = now;
    this.#save(this.state);
  }

  /** Nodes may have other tunnel addresses than before. */
  lookAtNodes(): void {
    if (this.#ended || !this.#moves) return;
    let isNews = false;
    for (const [name, tunnels] of this.#tunnels) {
      const row = this.#inventory.nodes.table.get("", name);
      // A node that left took its addresses along; that is not our doing.
      if (!row || this.#nodes.get(name) === row) continue;
      this.#nodes.set(name, row);
      for (const tunnel of tunnels) {
        const finding = tunnelFinding(this.#inventory, row, tunnel);
        const key = `node ${name} ${tunnel.type satisfies TunnelType}`;
        const known = this.#findings.get(key);
        if (known?.detail === finding?.detail) continue;
        isNews = true;
        if (finding) this.#findings.set(key, { ...finding, at: this.#now() });
        else this.#findings.delete(key);
      }
    }
    if (isNews) this.#save(this.state);
  }

  /** A pod has failed for the first time. */
  lookAtFailure(failure: SandboxFailure): void {
    if (this.#ended || !this.#moves || failure.at < Math.floor(this.#since / 1000) * 1000) return;
    if (!isAboutPool(this.#inventory, { name: this.pool, cidr: this.#cidr(), before: this.#before }, failure))
      return;
    const { podNamespace: namespace, podName: name } = failure;
    const subject = { kind: "Pod", namespace, name };
    this.#find(`pod ${namespace}/${name}`, "podFailed", subject, sandboxFailureText(failure.message));
    this.#save(this.state);
  }

  /** Somebody, through one of our servers, wrote the pool again. What becomes of other fields is theirs to watch. */
  writtenAgain({ activity: by, left }: Pick<Kept, "activity" | "left">): void {
    if (this.#ended) return;
    const isSuperseded = by.action === "create" || by.action === "delete" || this.#rewrites(by).length > 0;
    if (isSuperseded) return this.#superseded(by);
    // Only what they wrote: another's change that they found there is still to be noticed.
    const written = left && by.to ? pick(left, Object.keys(by.to)) : by.to;
    if (this.#expected) this.#expected = { ...this.#expected, ...written };
  }

  #rewrites({ from, to }: Activity): string[] {
    const changed = from && to ? differing(from, to) : Object.keys(to ?? {});
    return changed.filter((field) => this.#own.includes(field));
  }

  #superseded(by: Activity): void {
    const who = personName(by);
    const { from } = this.#activity;
    const isBack = from !== null && by.to !== null && differing(from, by.to).length === 0;
    const isSame = isBack && Object.keys(from).every((field) => by.to !== null && field in by.to);
    if (isSame && this.#activity.action !== "create") {
      this.#find("pool", "reverted", { kind: "User", name: who }, nowText(Object.keys(from), from));
      return this.#end("reverted", `${who} took it back ${this.#age()}.`);
    }
    const end = `${who} ${this.#againText(by)} ${this.#age()}, and the watch ended there.`;
    const seen = seenText(this.#seen());
    this.#end("superseded", seen === null ? end : `${sentence(seen)} ${end}`);
  }

  #againText(by: Activity): string {
    if (by.action === "delete") return "deleted the pool";
    if (by.action === "create") return "created the pool again";
    return `wrote ${this.#rewrites(by).join(", ")} again`;
  }

  /** The time is over. */
  end(): void {
    if (this.#ended) return;
    if (this.#inventory.stale) return this.interrupt("The cluster could not be reached.");
    const seen = this.#seen();
    const text = seenText(seen);
    if (text !== null) {
      const isTrouble = seen.lost > 0 || seen.failed > 0 || seen.changed > 0;
      return this.#end(isTrouble ? "trouble" : "moved", sentence(text));
    }
    const calm = this.#moves ? "Nothing moved, no pod failed, and nobody" : "Nobody";
    const went = this.#isLetGo ? "The pool, which was being deleted, is gone with it. " : "";
    this.#end("quiet", `${went}${calm} changed it back within five minutes.`);
  }

  /** `why`: a sentence. */
  interrupt(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#save(interrupted(this.state, why));
  }

  #gone(what: string): void {
    this.#find("pool", "deleted", { kind: "IPPool", name: this.pool }, `${what} by somebody else`);
    const verdict = this.#activity.action === "create" ? "reverted" : "trouble";
    this.#end(verdict, `${what} by somebody else ${this.#age()}.`);
  }

  #backAgain(row: PoolRow): void {
    const who = writerOf(row, ["cidr"]);
    this.#find("pool", "reverted", { kind: "Manager", name: who }, "it was created again");
    this.#end("reverted", `${who} created it again ${this.#age()}.`);
  }

  #end(verdict: NonNullable<ActivityWatch["verdict"]>, text: string): void {
    this.#ended = true;
    this.#save({ ...this.state, verdict, text: opening(text) });
  }

  #find(key: string, kind: WatchFinding["kind"], subject: WatchFinding["subject"], detail: string): void {
    this.#findings.set(key, { kind, subject, detail, at: this.#now() });
  }

  #seen() {
    const of = (kind: WatchFinding["kind"]) =>
      [...this.#findings.values()].filter((finding) => finding.kind === kind).length;
    return {
      moved: of("tunnelMoved"),
      lost: of("tunnelLost"),
      failed: of("podFailed"),
      changed: of("changed"),
    };
  }

  #cidr(): string | null {
    const cidr = this.#expected?.["cidr"] ?? this.#activity.from?.["cidr"];
    return typeof cidr === "string" ? cidr : null;
  }

  #now(): string {
    return new Date(this.#inventory.clock.now()).toISOString();
  }

  #age(): string {
    return after(this.#activity.at, this.#inventory.clock.now());
  }
}
