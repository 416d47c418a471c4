import type { CalicoKind } from "../../calico/dialect.ts";
import { Inventory } from "../../inventory/inventory.ts";
import { type Kind, kinds } from "../../inventory/kinds.ts";
import { PackedBlock } from "../../inventory/packed-block.ts";
import type { Row } from "../../inventory/table.ts";
import { ApiError } from "../../kube/errors.ts";
import { listAll } from "../../kube/objects.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import { resourceOf, type World } from "./world.ts";

const calicoKinds: Readonly<Partial<Record<Kind, CalicoKind>>> = {
  pools: "IPPool",
  blocks: "IPAMBlock",
  affinities: "BlockAffinity",
  ipamConfig: "IPAMConfiguration",
  reservations: "IPReservation",
  clusterInformation: "ClusterInformation",
  felixConfiguration: "FelixConfiguration",
};
const core = (plural: string, namespaced: boolean): ResourceRef => ({
  group: "",
  version: "v1",
  plural,
  namespaced,
});
const coreKinds: Readonly<Partial<Record<Kind, ResourceRef>>> = {
  nodes: core("nodes", false),
  namespaces: core("namespaces", false),
  pods: core("pods", true),
  sandboxFailures: core("events", true),
};

export interface Differences {
  /** Objects of the server that the inventory lacks, or has in another state. */
  readonly lost: readonly string[];
  /** Objects of the inventory that the server has not. */
  readonly phantom: readonly string[];
  /** Objects compared. */
  readonly compared: number;
}

/** Holds the inventory against one made from fresh lists, past the proxy: object by object, with all that is joined to each. */
export async function compare(world: World): Promise<Differences> {
  const fresh = new Inventory(null);
  for (const kind of kinds) fresh.replace(kind, await freshRows(world, fresh, kind));
  const lost: string[] = [];
  const phantom: string[] = [];
  let compared = 0;
  for (const kind of kinds) {
    const held = new Map(heldRows(world.inventory, kind).map((row) => [keyOf(row), row]));
    for (const wanted of heldRows(fresh, kind)) {
      const row = held.get(keyOf(wanted));
      const wrong = row === undefined ? ["absent"] : differingFields(row, wanted);
      if (wrong.length > 0) lost.push(`${kind} ${keyOf(wanted)}: ${wrong.join(", ")}`);
      held.delete(keyOf(wanted));
      compared += 1;
    }
    phantom.push(...Array.from(held.keys(), (key) => `${kind} ${key}`));
  }
  return { lost, phantom, compared };
}

async function freshRows({ direct, mode }: World, fresh: Inventory, kind: Kind): Promise<Row[]> {
  const calico = calicoKinds[kind];
  const resource = calico === undefined ? coreKinds[kind] : resourceOf(mode, calico);
  if (resource === undefined) throw new Error(`where are ${kind}?`);
  const selector = kind === "sandboxFailures" ? { fieldSelector: "reason=FailedCreatePodSandBox" } : {};
  const items = await listAll(direct, resource, selector).then(
    (answer) => answer.items,
    (error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return [];
      throw error;
    },
  );
  return items.map((raw) => fresh.project(kind, raw)).filter((row) => row !== null);
}

function heldRows(inventory: Inventory, kind: Kind): Row[] {
  const { space, nodes, namespaces, pods, settings } = inventory;
  const tables: Readonly<Record<Kind, Iterable<Row>>> = {
    pools: space.pools,
    blocks: space.blocks,
    affinities: space.affinities,
    reservations: space.reservations,
    ipamConfig: settings.ipamConfigs,
    clusterInformation: settings.clusterInformations,
    felixConfiguration: settings.felix,
    nodes: nodes.table,
    namespaces,
    pods: pods.table,
    sandboxFailures: pods.failures,
  };
  return [...tables[kind], ...inventory.unreadable(kind)];
}

const keyOf = (row: Row) => `${row.namespace}/${row.name}`;

function differingFields(row: Row, wanted: Row): string[] {
  const fields = new Set([...Object.keys(row), ...Object.keys(wanted)]);
  const said = (of: Row, field: string) => valueText(Reflect.get(of, field));
  return [...fields]
    .filter((field) => said(row, field) !== said(wanted, field))
    .map(
      (field) => `${field} ${said(row, field).slice(0, 80)} instead of ${said(wanted, field).slice(0, 80)}`,
    );
}

function valueText(value: unknown): string {
  const text = JSON.stringify(value, (_, each: unknown) => {
    if (typeof each === "bigint") return String(each);
    if (each instanceof Map || each instanceof Set) return [...each];
    if (!(each instanceof PackedBlock)) return each;
    const allocations = Array.from({ length: each.allocationCount }, (__, index) => each.allocation(index));
    return {
      slots: Array.from({ length: each.size }, (__, at) => each.slot(at)),
      queue: each.queue(),
      allocations,
    };
  });
  return text ?? "undefined";
}
