import type { Clock } from "../kube/clock.ts";
import type { AddressSpace } from "./address-space.ts";
import type { Changes } from "./changes.ts";
import type { Interner } from "./interner.ts";
import { PodLists } from "./pod-lists.ts";
import { podAddress, type PodRow, samePod } from "./pod-row.ts";
import { PodTable } from "./pod-table.ts";
import type { SandboxFailure } from "./sandbox-failure.ts";
import { Table } from "./table.ts";

/**
 * Blocks and pods are never read at one instant: a pod that is not there is only missed once it has been gone, and its
 * address held, for this long.
 */
const settleMs = 30_000;
/** A timer may be a little early by the clock that tells the time. Under steady change those that are due so close are told at once. */
const timerSlackMs = 1_000;

/** The pods, and why those without an address have none. */
export class PodBook {
  readonly table: PodTable;
  readonly lists: PodLists;
  readonly failures = new Table<SandboxFailure>();
  private readonly failuresByPod = new Map<string, Set<SandboxFailure>>();
  /** Pods that left lately → when. */
  private readonly left = new Map<string, number>();
  private readonly failureListeners = new Set<(failure: SandboxFailure) => void>();
  private isWaiting = false;
  private readonly changes: Changes;
  private readonly clock: Clock;
  private readonly space: AddressSpace;

  constructor(changes: Changes, clock: Clock, space: AddressSpace, interner: Interner) {
    this.table = new PodTable(interner);
    this.lists = new PodLists(this.table);
    this.changes = changes;
    this.clock = clock;
    this.space = space;
  }

  put(row: PodRow): void {
    const before = this.table.put(row);
    if (before && samePod(before, row)) return;
    if (before) this.tellBlocks(before);
    if (before && before.uid !== row.uid) this.noteLeft(before);
    this.changes.touch("pods", "namespaces", "addresses");
  }

  remove(namespace: string, name: string): void {
    const row = this.table.remove(namespace, name);
    if (!row) return;
    this.tellBlocks(row);
    this.noteLeft(row);
    this.changes.touch("pods", "namespaces", "addresses");
  }

  /** Told of a pod (this incarnation of it) that fails and did not before. */
  onFirstFailure(listener: (failure: SandboxFailure) => void): void {
    this.failureListeners.add(listener);
  }

  putFailure(row: SandboxFailure): void {
    const before = this.failures.put(row);
    const key = `${row.podNamespace}/${row.podName}`;
    const isFirst = ![...(this.failuresByPod.get(key) ?? [])].some(({ podUid }) => podUid === row.podUid);
    if (before) this.dropFailure(before);
    const known = this.failuresByPod.get(key);
    if (known) known.add(row);
    else this.failuresByPod.set(key, new Set([row]));
    this.table.touch(row.podNamespace, row.podName);
    this.changes.touch("pods");
    if (isFirst) for (const listener of this.failureListeners) listener(row);
  }

  removeFailure(namespace: string, name: string): void {
    const row = this.failures.remove(namespace, name);
    if (!row) return;
    this.dropFailure(row);
    this.table.touch(row.podNamespace, row.podName);
    this.changes.touch("pods");
  }

  /** The newest sandbox failure of this incarnation of the pod; null when there is none. */
  failureOf(pod: PodRow): SandboxFailure | null {
    let newest: SandboxFailure | null = null;
    for (const one of this.failuresByPod.get(`${pod.namespace}/${pod.name}`) ?? []) {
      if (one.podUid !== "" && one.podUid !== pod.uid) continue;
      if (!newest || one.at > newest.at) newest = one;
    }
    return newest;
  }

  /** The pod has not been there for so long that its blocks must have been told. */
  isLongGone(namespace: string, name: string): boolean {
    if (this.table.find(namespace, name) >= 0) return false;
    const at = this.left.get(`${namespace}/${name}`);
    return at === undefined || this.clock.now() - at >= settleMs;
  }

  private tellBlocks(row: PodRow): void {
    for (const ip of row.ips) {
      const address = podAddress(ip);
      if (address) this.space.userChanged(address);
    }
  }

  private noteLeft(row: PodRow): void {
    const key = `${row.namespace}/${row.name}`;
    this.left.delete(key);
    this.left.set(key, this.clock.now());
    this.tellWhenGone();
  }

  /** What such pods held is judged otherwise once they have been gone for so long, though nothing else happens. */
  private tellWhenGone(): void {
    const now = this.clock.now();
    // The oldest come first.
    for (const [key, at] of this.left) {
      if (now - at < settleMs) break;
      this.left.delete(key);
    }
    const [oldest] = this.left.values();
    if (this.isWaiting || oldest === undefined) return;
    this.isWaiting = true;
    this.clock.after(oldest + settleMs + timerSlackMs - now, () => {
      this.isWaiting = false;
      this.changes.touch("addresses");
      this.tellWhenGone();
    });
  }

  private dropFailure(row: SandboxFailure): void {
    const key = `${row.podNamespace}/${row.podName}`;
    const known = this.failuresByPod.get(key);
    known?.delete(row);
    if (known?.size === 0) this.failuresByPod.delete(key);
  }
}
