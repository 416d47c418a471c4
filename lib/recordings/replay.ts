import { AddressError, formatAddress, parseAddress } from "../ipam/address.ts";
import { assignmentOf } from "../ipam/assign-exact.ts";
import { cidrsOverlap } from "../ipam/cidr.ts";
import { cidrSet } from "../ipam/cidr-set.ts";
import { planCniAdd } from "../ipam/cni-add.ts";
import { defaultIpamConfig, IpamDraft } from "../ipam/ipam-draft.ts";
import type { Nanoseconds } from "../ipam/go-time.ts";
import { planReleasePoolAffinities } from "../ipam/pool-delete.ts";
import { planCniDel, planReleaseAddress } from "../ipam/release.ts";
import { selectorProblem } from "../ipam/selector.ts";
import type { IpamSnapshot } from "../ipam/snapshot.ts";
import { planTunnels } from "../ipam/tunnels.ts";
import { utilization } from "../ipam/utilization.ts";
import { ipamShowTable, ipamShowText } from "../format/ipam-show.ts";
import { resolvePools } from "../ipam/resolve-pools.ts";
import { type Comparison } from "./compare.ts";
import { compareCheckpoint } from "./checkpoint.ts";
import { ReplayedPools } from "./replayed-pools.ts";
import { readConfig, readPool, readReserved, storedPool } from "./stored.ts";
import type { ConfigSpec, PoolSpec, Step } from "./step.ts";
import { besidesTunnels, publishedKeys, tunnelAddresses, tunnelAnnotations } from "./tunnel-annotations.ts";

type AddStep = Extract<Step, { op: "add" }>;

/** A pod about to be added, with the cluster as the plugin finds it. */
export interface BeforeAdd {
  readonly step: AddStep;
  readonly snapshot: IpamSnapshot;
  readonly namespaceLabels: Readonly<Record<string, string>>;
  readonly nodeLabels: (node: string) => Readonly<Record<string, string>> | null;
  readonly now: Nanoseconds;
}

/** A cluster without Kubernetes: just what the recorded programs looked at. */
export class Replay {
  readonly result: Comparison;
  /** Called before each pod is added. */
  beforeAdd: (add: BeforeAdd) => void = () => {};
  readonly reservations = new Map<string, readonly string[]>();
  config: ConfigSpec | null = null;
  readonly #pools = new ReplayedPools();
  readonly #nodes = new Map<string, Record<string, string>>();
  readonly #annotations = new Map<string, Record<string, string>>();
  readonly hasController: boolean;
  readonly #namespaces = new Map<string, Record<string, string>>([["default", {}]]);
  #state: Pick<IpamSnapshot, "blocks" | "affinities" | "handles"> = {
    blocks: new Map(),
    affinities: [],
    handles: new Map(),
  };
  #now: Nanoseconds = 1_787_400_005_123_456_789n;

  /** `hasController`: kube-controllers' pool controller runs, as it does where Calico's objects are `projectcalico.org/v3`. */
  constructor(result: Comparison, hasController = false) {
    this.result = result;
    this.hasController = hasController;
  }

  get pools(): Map<string, PoolSpec> {
    return this.#pools.specs;
  }

  get now(): Nanoseconds {
    return this.#now;
  }

  get namespaces(): ReadonlyMap<string, Readonly<Record<string, string>>> {
    return this.#namespaces;
  }

  /** Labels and annotations (without their `projectcalico.org/`) by node. */
  get nodes(): ReadonlyMap<
    string,
    { labels: Readonly<Record<string, string>>; annotations: Readonly<Record<string, string>> }
  > {
    return new Map(
      [...this.#nodes].map(([name, labels]) => [
        name,
        { labels, annotations: this.#annotations.get(name) ?? {} },
      ]),
    );
  }

  get snapshot(): IpamSnapshot {
    return {
      ...this.#state,
      pools: this.#pools.all,
      config: this.config === null ? null : readConfig(this.config),
      reservations: [...this.reservations].map(([name, cidrs]) => ({ name, cidrs: cidrs.map(readReserved) })),
    };
  }

  play(step: Step, where: string): void {
    this.#now += this.#stepTime();
    this.#play(step, where);
    if (this.hasController) this.#control();
  }

  #play(step: Step, where: string): void {
    switch (step.op) {
      case "node":
        this.#nodes.set(step.name, withChanges({}, step.labels));
        this.#annotations.set(step.name, {});
        break;
      case "labelNode":
        this.#nodes.set(step.name, withChanges(this.#nodes.get(step.name) ?? {}, step.labels));
        break;
      case "namespace":
        this.#namespaces.set(step.name, withChanges({}, step.labels));
        break;
      case "annotateNode":
        Object.assign(this.#annotations.get(step.name) ?? {}, step.annotations);
        break;
      case "createRaw":
        this.#pools.keep(step.name, { assignmentMode: "Automatic", nodeSelector: "all()", ...step.spec });
        break;
      case "replace":
        if (step.error === undefined) this.pools.set(step.name, storedPool(step.spec));
        break;
      case "deleteRaw":
        this.#pools.deleteRaw(step.name);
        break;
      case "poolStates":
        if (this.hasController) this.result.same(where, this.#pools.states(), step.pools);
        this.#pools.takeStates(step.pools);
        break;
      case "create":
      case "createObject":
        this.#create(step);
        break;
      case "patch":
        this.result.same(where, this.#patch(step.name, step.spec), step.error ?? null);
        break;
      case "configure":
        this.result.same(
          where,
          this.#configure(step.strictAffinity, step.maxBlocksPerHost),
          step.error ?? null,
        );
        break;
      case "delete":
        this.#deletePool(step.name);
        break;
      case "deleteObject":
        this.#deleteObject(step.kind, step.name);
        break;
      case "add":
        this.result.same(where, this.#add(step), step.error ?? step.ips);
        break;
      case "del": {
        const pod = { handle: handleOf(step.container), namespace: step.namespace, pod: step.pod };
        this.#state = planCniDel(this.snapshot, pod, this.#clock()).after;
        break;
      }
      case "tunnels":
        this.#tunnels(step, where);
        break;
      case "releaseIP":
        this.result.same(where, this.#releaseIp(step.ip), step.error ?? step.text);
        break;
      case "showIP":
        this.result.same(where, this.#showIp(step.ip), step.text);
        break;
      case "wait":
        this.#now += BigInt(step.seconds) * 1_000_000_000n;
        break;
      case "checkpoint":
        compareCheckpoint(this, step, where);
        break;
    }
  }

  /** Everything but `wait` together stays under a minute; while addresses cool, no two releases share a second. */
  #stepTime(): Nanoseconds {
    return this.config?.ipCooldownSeconds ? 1_000_000_000n : 1_000_000n;
  }

  #clock() {
    return { now: this.#now, nodeLabels: (node: string) => this.#nodes.get(node) ?? null };
  }

  #create(step: Extract<Step, { op: "create" | "createObject" }>): void {
    if (step.kind === "IPPool") {
      const byCrd = { assignmentMode: "Automatic" as const, ...step.spec };
      this.#pools.keep(step.name, step.op === "create" ? storedPool(step.spec) : byCrd);
    } else if (step.kind === "IPReservation") this.reservations.set(step.name, step.spec.reservedCIDRs);
    else this.config = step.spec;
  }

  /** The pool controller's work: conditions, and pools that wait for their end. */
  #control(): void {
    this.#pools.judge();
    for (const { name, cidr, deleting } of this.snapshot.pools) {
      if (!deleting) continue;
      // A disabled pool is held by nobody, and its blocks stay as they are.
      if (this.pools.get(name)?.disabled === true) {
        this.pools.delete(name);
        continue;
      }
      this.#state = planReleasePoolAffinities(this.snapshot, cidr, this.#now).after;
      const isFree = ![...this.#state.blocks.values()].some((block) => cidrsOverlap(block.cidr, cidr));
      if (isFree) this.pools.delete(name);
    }
  }

  #patch(name: string, change: Partial<PoolSpec>): string | null {
    if (change.nodeSelector !== undefined && selectorProblem(change.nodeSelector) !== null) {
      const reason = "failed to validate Field: NodeSelector because of Tag: selector ";
      const field = `error with field NodeSelector = '${change.nodeSelector}' (Reason: ${reason})`;
      return `hit error: updating existing resource: ${field}`;
    }
    const spec = this.pools.get(name);
    if (spec !== undefined) this.pools.set(name, storedPool({ ...spec, ...change }));
    return null;
  }

  #configure(strictAffinity: boolean | null, maxBlocksPerHost: number | null): string | null {
    const { config } = this.snapshot;
    const wanted = { ...(config ?? defaultIpamConfig) };
    if (strictAffinity !== null) wanted.strictAffinity = strictAffinity;
    if (maxBlocksPerHost !== null) wanted.maxBlocksPerHost = maxBlocksPerHost;
    if (wanted.maxBlocksPerHost > 0 && !wanted.strictAffinity) {
      return "error: MaxBlocksPerHost requires StrictAffinity to be enabled";
    }
    const { maxBlocksPerHost: limit, ipCooldownSeconds: cooldown, ...always } = wanted;
    this.config = {
      ...always,
      ...(limit > 0 && { maxBlocksPerHost: limit }),
      ...(cooldown > 0 && { ipCooldownSeconds: cooldown }),
    };
    return null;
  }

  #deletePool(name: string): void {
    this.#patch(name, { disabled: true });
    const spec = this.pools.get(name);
    if (spec === undefined) return;
    this.#state = planReleasePoolAffinities(this.snapshot, readPool(name, spec).cidr, this.#now).after;
    this.pools.delete(name);
  }

  #deleteObject(kind: string, name: string): void {
    if (kind.startsWith("ippool.")) this.pools.delete(name);
    if (kind.startsWith("ipamhandle.")) {
      this.#state = {
        ...this.#state,
        handles: new Map([...this.#state.handles].filter(([id]) => id !== name)),
      };
    }
  }

  #add(step: AddStep): string | string[] {
    const namespaceLabels = this.#namespaces.get(step.namespace) ?? {};
    this.beforeAdd({ step, snapshot: this.snapshot, namespaceLabels, ...this.#clock() });
    const pools: Record<4 | 6, ReturnType<typeof readReserved>[]> = { 4: [], 6: [] };
    for (const [family, names] of [
      [4, step.pools4],
      [6, step.pools6],
    ] as const) {
      const resolved = resolvePools(names ?? [], family, this.snapshot.pools);
      if (!resolved.ok) return resolved.error;
      pools[family] = [...resolved.cidrs];
    }
    const plan = planCniAdd(this.snapshot, {
      node: step.node,
      namespace: step.namespace,
      namespaceLabels,
      pod: step.pod,
      handle: handleOf(step.container),
      pools4: pools[4],
      pools6: pools[6],
      families: [...(step.v4 === false ? [] : [4 as const]), ...(step.v6 ? [6 as const] : [])],
      exactIp: step.ip === undefined ? null : parseAddress(step.ip),
      ...this.#clock(),
    });
    this.#state = plan.after;
    return plan.error ?? plan.ips.map(formatAddress);
  }

  #tunnels(step: Extract<Step, { op: "tunnels" }>, where: string): void {
    const held = this.#annotations.get(step.node) ?? {};
    const addresses = tunnelAddresses(held);
    const wireguardKeys = publishedKeys(held);
    const plan = planTunnels(this.snapshot, { node: step.node, addresses, wireguardKeys, ...this.#clock() });
    this.#state = plan.after;
    const annotations = tunnelAnnotations(plan.addresses);
    this.#annotations.set(step.node, { ...besidesTunnels(held), ...annotations });
    this.result.same(where, annotations, step.annotations);
    this.result.same(`${where} error`, plan.error, step.error?.split("\n").at(-1) ?? null);
  }

  #releaseIp(ip: string): string {
    const plan = planReleaseAddress(this.snapshot, {
      releases: [{ address: parseAddress(ip) }],
      ...this.#clock(),
    });
    this.#state = plan.after;
    return plan.notAssigned.length > 0
      ? `IP address ${ip} is not assigned`
      : `Successfully released IP address ${ip}`;
  }

  #showIp(ip: string): string {
    if (ip === "") {
      const { pools, blocks, reservations } = this.snapshot;
      const reserved = cidrSet(reservations.flatMap((one) => one.cidrs));
      return ipamShowText(ipamShowTable(utilization(pools, blocks.values(), reserved), "v3.33", false));
    }
    try {
      const assignment = assignmentOf(new IpamDraft(this.snapshot, this.#now), parseAddress(ip));
      if (assignment.state === "cooling") return `address ${ip} is in cooldown\n`;
      return assignment.state === "notAssigned" ? `${ip} is not assigned\n` : `IP ${ip} is in use\n`;
    } catch (error) {
      if (error instanceof AddressError)
        return `Error executing command: invalid IP address specified: ${ip}\n`;
      throw error;
    }
  }
}

function handleOf(container: string): string {
  return `k8s-pod-network.${container}`;
}

function withChanges(
  labels: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const changed = { ...labels };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete changed[key];
    else changed[key] = value;
  }
  return changed;
}
