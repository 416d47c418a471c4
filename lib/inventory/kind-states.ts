import { type Kind, kinds, kindWords, firstPhase } from "./kinds.ts";
import type { ReflectorState } from "../kube/reflector-state.ts";
import { resourceName, type ResourceRef } from "../kube/paths.ts";

/** Where the data of one kind comes from and how fresh it is; a reflector, or a test's stand-in. */
export interface KindSource {
  readonly resource: ResourceRef;
  readonly state: ReflectorState;
  /** True from the first complete list on. */
  readonly synced: boolean;
  /** When the data was last known to be right, in milliseconds since 1970; null before the first list. */
  readonly confirmedAt: number | null;
}

/** Why a kind's data is not there. */
export interface Missing {
  readonly reason: string;
  /** It is being read for the first time: it will be there without anybody doing anything. */
  readonly reading?: true;
  /** Present when a permission is what is missing. */
  readonly permission?: { readonly verb: string; readonly group: string; readonly resource: string };
}

/** How each watched kind is doing: what can be said from it, and what must be called unknown. */
export class KindStates {
  private readonly sources = new Map<Kind, KindSource>();
  private readonly now: () => number;
  /** Kinds that are read from elsewhere; null: from `sources`. */
  private readonly shared: KindStates | null;
  private readonly withheld: ReadonlySet<Kind>;

  /** `shared`: the states of these same kinds, for somebody who may not list those in `withheld`. */
  constructor(now: () => number, shared: KindStates | null = null, withheld: ReadonlySet<Kind> = new Set()) {
    this.now = now;
    this.shared = shared;
    this.withheld = withheld;
  }

  set(kind: Kind, source: KindSource): void {
    this.sources.set(kind, source);
  }

  clear(): void {
    this.sources.clear();
  }

  /** What a kind is read from; undefined: nothing reads it yet. */
  source(kind: Kind): KindSource | undefined {
    const source = this.shared ? this.shared.source(kind) : this.sources.get(kind);
    if (!source || !this.withheld.has(kind) || isClosed(source.state)) return source;
    return {
      resource: source.resource,
      state: { status: "forbidden", since: this.now(), message: "withheld" },
      synced: false,
      confirmedAt: null,
    };
  }

  /** The kind has been read whole, and may still be read. */
  knows(kind: Kind): boolean {
    const source = this.source(kind);
    return source !== undefined && source.synced && !isClosed(source.state);
  }

  /** Null when the kind is known. */
  missing(kind: Kind): Missing | null {
    if (this.knows(kind)) return null;
    const source = this.source(kind);
    const words = kindWords[kind];
    if (!source) return { reason: `${words} have not been asked for yet` };
    const { state, resource } = source;
    switch (state.status) {
      case "forbidden":
        // What Poolboard itself may not read, nobody sees here, whatever they may.
        return {
          reason: `${this.withheld.has(kind) ? "you" : "Poolboard"} may not read ${words} (list ${resourceName(resource)})`,
          permission: { verb: "list", group: resource.group, resource: resource.plural },
        };
      case "notInstalled":
        return { reason: `this cluster does not serve ${words}` };
      case "starting":
        return { reason: `${words} have not been read yet${progress(state)}`, ...reading(state) };
      case "live":
        return { reason: `${words} have not been read yet` };
      default:
        return { reason: `${words} could not be read: ${state.message}` };
    }
  }

  /** True once every kind of the first phase has been read, or is known to be out of reach. */
  get settled(): boolean {
    return firstPhase.every((kind) => this.isSettled(kind));
  }

  /** The same for every kind; else why the first of the others is not there yet. */
  get unsettled(): Missing | null {
    const kind = kinds.find((each) => !this.isSettled(each));
    return kind === undefined ? null : this.missing(kind);
  }

  /** "IPAM blocks (250 of about 7,800), pods (…)": each kind still being read; empty when none is. */
  get progress(): string {
    return kinds
      .filter((kind) => !this.isSettled(kind))
      .map((kind) => {
        const state = this.source(kind)?.state;
        const done = state?.status === "starting" ? progress(state) : "";
        return `${kindWords[kind]}${done}`;
      })
      .join(", ");
  }

  /**
   * Age of the oldest of the kinds that are being kept up, in milliseconds. Kinds that are out of reach have no data to age.
   */
  get ageMs(): number {
    const confirmed = this.all()
      .filter((one) => one.synced && !isClosed(one.state))
      .map((one) => one.confirmedAt);
    const oldest = Math.min(...confirmed.map((at) => at ?? this.now()));
    return Number.isFinite(oldest) ? Math.max(0, this.now() - oldest) : 0;
  }

  /** Some kind that was read is no longer being followed. */
  get stale(): boolean {
    return this.all().some(
      (one) => one.synced && (one.state.status === "stale" || one.state.status === "loginExpired"),
    );
  }

  private all(): readonly KindSource[] {
    return kinds.flatMap((kind) => this.source(kind) ?? []);
  }

  private isSettled(kind: Kind): boolean {
    const source = this.source(kind);
    return source !== undefined && (source.synced || isClosed(source.state));
  }
}

type Starting = Extract<ReflectorState, { status: "starting" }>;

/** Out of reach until somebody changes the cluster: what was read before is no longer ours to show. */
function isClosed(state: ReflectorState): boolean {
  return state.status === "forbidden" || state.status === "notInstalled";
}

/** "(41,000 of about 150,000)": how many are to come is an estimate of the API server's. */
function progress(state: Starting): string {
  const { loaded, total, message } = state;
  if (message !== null) return ` (${message})`;
  if (total !== null) return ` (${count(loaded)} of ${loaded === total ? "" : "about "}${count(total)})`;
  return loaded > 0 ? ` (${count(loaded)} so far)` : "";
}

function reading({ message }: Starting): { reading?: true } {
  return message === null ? { reading: true } : {};
}

function count(objects: number): string {
  return objects.toLocaleString("en-US");
}
