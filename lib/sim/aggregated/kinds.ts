import type { CalicoVersion } from "../../ipam/pool-client-rules.ts";
import { column } from "../api/kinds/shared.ts";
import type { ResourceType } from "../api/resource-type.ts";
import { nameColumn } from "../api/table.ts";
import type { CalicoLevel } from "../schema/calico/level.ts";
import { type NativeKind, nativeKinds } from "../schema/calico/native.ts";
import { objectMeta } from "../schema/core/meta.ts";
import type { Schema } from "../schema/schema.ts";
import { toV3 } from "./translate.ts";
import { AggregatedWrites, type ServedKindPair } from "./writes.ts";

/** Kinds that are served, and the v1 CRDs they are kept in. Blocks and handles are not among them. */
const served: readonly (readonly [kind: ServedKindPair["kind"], stored: string])[] = [
  ["BGPConfiguration", "bgpconfigurations"],
  ["BlockAffinity", "blockaffinities"],
  ["ClusterInformation", "clusterinformations"],
  ["FelixConfiguration", "felixconfigurations"],
  ["IPAMConfiguration", "ipamconfigs"],
  ["IPPool", "ippools"],
  ["IPReservation", "ipreservations"],
  ["KubeControllersConfiguration", "kubecontrollersconfigurations"],
];

const readOnly = new Set<string>(["ClusterInformation"]);

/** What Calico's API server serves as `projectcalico.org/v3`. */
export function aggregatedKinds(level: CalicoLevel): ResourceType[] {
  const version: CalicoVersion = level === "next" ? "≥3.33" : "≤3.32";
  return served.flatMap(([kind, stored]) => {
    const described = nativeKinds.find((one) => one.kind === kind);
    return described === undefined ? [] : [resourceType({ kind, stored, version }, described, level)];
  });
}

function resourceType(
  pair: ServedKindPair,
  { plural, schema }: NativeKind,
  level: CalicoLevel,
): ResourceType {
  const writes = new AggregatedWrites(pair);
  const hasStatus =
    pair.kind === "KubeControllersConfiguration" || (pair.kind === "IPPool" && level === "next");
  return {
    group: "projectcalico.org",
    version: "v3",
    kind: pair.kind,
    plural,
    singular: pair.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: false,
    custom: false,
    subresources: hasStatus ? ["status"] : [],
    schema: goType(schema),
    strategy: {},
    columns: [
      nameColumn,
      column("Created At", "When it was created.", (object) => object.metadata.creationTimestamp, {
        type: "date",
      }),
    ],
    translation: {
      resource: `${pair.stored}.crd.projectcalico.org`,
      show: (stored) => toV3(pair.kind, stored),
      write: readOnly.has(pair.kind) ? null : (exchange) => writes.answer(exchange),
    },
  };
}

/** The schema as a Go type knows it: types and names, no rules and no defaults. */
function goType(schema: Schema): Schema {
  const properties = {
    apiVersion: { type: "string" },
    kind: { type: "string" },
    metadata: objectMeta,
    ...schema.properties,
  } as const;
  return { type: "object", ...(schema.description ? { description: schema.description } : {}), properties };
}
