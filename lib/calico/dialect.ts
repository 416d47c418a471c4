/**
 * How a cluster serves Calico's objects: CRDs of `crd.projectcalico.org/v1`, CRDs of `projectcalico.org/v3`, or Calico's own
 * API server in front of the v1 CRDs.
 */
export type ApiMode = "crd-v1" | "aggregated-v3" | "native-v3";

/** Calico's kinds that we read or write, by their `projectcalico.org/v3` name. */
export type CalicoKind =
  | "IPPool"
  | "IPReservation"
  | "IPAMBlock"
  | "IPAMHandle"
  | "BlockAffinity"
  | "IPAMConfiguration"
  | "ClusterInformation"
  | "FelixConfiguration"
  | "KubeControllersConfiguration";

/** Where one kind is served and what its objects call themselves. All are cluster-scoped. */
export interface ServedKind {
  readonly group: "crd.projectcalico.org" | "projectcalico.org";
  readonly version: "v1" | "v3";
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: false;
}

/** The allocator's own kinds: Calico's API server does not serve the first two, and translates the third for nobody's good. */
const storageKinds: readonly CalicoKind[] = ["IPAMBlock", "IPAMHandle", "BlockAffinity"];

/**
 * Where a kind is read and written. Behind Calico's API server the allocator's kinds stay with the v1 CRDs.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/k8s/resources (names of both groups), apiserver/pkg/registry
 */
export function servedKind(mode: ApiMode, kind: CalicoKind): ServedKind {
  const isV1 = mode === "crd-v1" || (mode === "aggregated-v3" && storageKinds.includes(kind));
  if (!isV1)
    return { group: "projectcalico.org", version: "v3", plural: plurals[kind], kind, namespaced: false };
  const renamed = kind === "IPAMConfiguration";
  return {
    group: "crd.projectcalico.org",
    version: "v1",
    plural: renamed ? "ipamconfigs" : plurals[kind],
    kind: renamed ? "IPAMConfig" : kind,
    namespaced: false,
  };
}

const plurals: Readonly<Record<CalicoKind, string>> = {
  IPPool: "ippools",
  IPReservation: "ipreservations",
  IPAMBlock: "ipamblocks",
  IPAMHandle: "ipamhandles",
  BlockAffinity: "blockaffinities",
  IPAMConfiguration: "ipamconfigurations",
  ClusterInformation: "clusterinformations",
  FelixConfiguration: "felixconfigurations",
  KubeControllersConfiguration: "kubecontrollersconfigurations",
};

/** The first two lines of an object as it is written. */
export function typeOf(
  mode: ApiMode,
  kind: CalicoKind,
): { readonly apiVersion: string; readonly kind: string } {
  const served = servedKind(mode, kind);
  return { apiVersion: `${served.group}/${served.version}`, kind: served.kind };
}

/** Objects of the v1 CRDs hide their metadata in an annotation, and spell some fields their own way. */
export function isStoredAsV1(mode: ApiMode, kind: CalicoKind): boolean {
  return servedKind(mode, kind).group === "crd.projectcalico.org";
}

/** How `spec.deleted` is spelled: only the v1 CRD of affinities has a text. */
export function deletedMark(mode: ApiMode, kind: CalicoKind, deleted: boolean): boolean | "true" | "false" {
  if (kind !== "BlockAffinity" || !isStoredAsV1(mode, kind)) return deleted;
  return deleted ? "true" : "false";
}

/**
 * Who disables a pool, takes its blocks back and deletes it: we, as Calico's client does; Calico's API server, which runs that client;
 * or the pool controller, by a finalizer.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/clientv3/ippool.go Delete,
 * apiserver/pkg/storage/calico/ippool_storage.go, kube-controllers/pkg/controllers/ippool/pool_controller.go
 */
export const poolDeletion: Readonly<Record<ApiMode, "client" | "apiServer" | "controller">> = {
  "crd-v1": "client",
  "aggregated-v3": "apiServer",
  "native-v3": "controller",
};

/** Something marks pools as allocatable or not, and holds deleted ones until they are empty. */
export function hasPoolController(mode: ApiMode | null): boolean {
  return mode !== null && poolDeletion[mode] === "controller";
}

/** Holds a pool that was allocatable until no block lies in its range. Source: …/pool_controller.go */
export const POOL_FINALIZER = "projectcalico.org/ippool-finalizer";
