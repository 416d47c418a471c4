import { compareNames } from "../ipam/cidr-name.ts";
import type { Pool } from "../ipam/pool.ts";
import { poolConditions } from "../ipam/pool-condition.ts";
import type { PoolSpec, Step } from "./step.ts";
import { readPool } from "./stored.ts";

type PoolStates = Extract<Step, { op: "poolStates" }>["pools"];

/** The pools of a replay: their specs, and what the pool controller says of them where it runs. */
export class ReplayedPools {
  readonly specs = new Map<string, PoolSpec>();
  readonly #states = new Map<string, Pick<Pool, "createdAt" | "deleting" | "allocatable">>();

  get all(): readonly Pool[] {
    return [...this.specs].map(([name, spec]) => ({ ...readPool(name, spec), ...this.#states.get(name) }));
  }

  /** The controller's own answer, which later steps go by. */
  takeStates(states: PoolStates): void {
    const listed = new Set(states.map(({ name }) => name));
    for (const name of this.specs.keys()) if (!listed.has(name)) this.specs.delete(name);
    for (const { name, deleting, conditions } of states) {
      const found = conditions.find(({ type }) => type === "Allocatable");
      const allocatable = found ? { ...found, status: found.status as "True" | "False" } : null;
      const createdAt = this.#states.get(name)?.createdAt ?? "";
      this.#states.set(name, { createdAt, deleting, allocatable });
    }
  }

  keep(name: string, spec: PoolSpec): void {
    this.specs.set(name, spec);
    const seconds = Date.parse("2026-08-22T00:00:00Z") + this.#states.size * 1000;
    const createdAt = new Date(seconds).toISOString();
    this.#states.set(name, { createdAt, deleting: false, allocatable: null });
  }

  /** A pool that gives addresses waits for its end; any other has nothing left that holds it. */
  deleteRaw(name: string): void {
    const state = this.#states.get(name);
    if (state?.allocatable?.status === "True") this.#states.set(name, { ...state, deleting: true });
    else this.specs.delete(name);
  }

  /** As the pool controller judges them now. */
  judge(): void {
    for (const [name, allocatable] of poolConditions(this.all)) {
      const state = this.#states.get(name);
      if (state) this.#states.set(name, { ...state, allocatable });
    }
  }

  /** What the API server would show of their states, by name. */
  states(): PoolStates {
    return this.all
      .toSorted((a, b) => compareNames(a.name, b.name))
      .map(({ name, deleting, allocatable }) => ({
        name,
        finalizers: deleting || allocatable?.status === "True" ? ["projectcalico.org/ippool-finalizer"] : [],
        deleting,
        conditions: allocatable === null ? [] : [{ type: "Allocatable", ...allocatable }],
      }));
  }
}
