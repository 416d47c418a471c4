import { type ApiMode, type CalicoKind, servedKind, type ServedKind } from "../calico/dialect.ts";

/** The API group that Calico's own components work on; behind Calico's API server that is the v1 one. */
export type StorageMode = Exclude<ApiMode, "aggregated-v3">;

/** Where Calico's objects are kept in each way of serving them. */
export function storedIn(apiMode: ApiMode): StorageMode {
  return apiMode === "native-v3" ? "native-v3" : "crd-v1";
}

const kinds = {
  pools: "IPPool",
  blocks: "IPAMBlock",
  affinities: "BlockAffinity",
  handles: "IPAMHandle",
  ipamConfigs: "IPAMConfiguration",
  reservations: "IPReservation",
  clusterInformations: "ClusterInformation",
} as const satisfies Readonly<Record<string, CalicoKind>>;

/** Calico's kinds as its components read and write them. */
export type CalicoResources = Readonly<Record<keyof typeof kinds, ServedKind>>;

export function calicoResources(mode: StorageMode): CalicoResources {
  const at = (name: keyof typeof kinds): ServedKind => servedKind(mode, kinds[name]);
  return {
    pools: at("pools"),
    blocks: at("blocks"),
    affinities: at("affinities"),
    handles: at("handles"),
    ipamConfigs: at("ipamConfigs"),
    reservations: at("reservations"),
    clusterInformations: at("clusterInformations"),
  };
}
