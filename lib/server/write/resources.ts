import { calicoResource } from "../../inventory/discover.ts";
import type { ResourceRef } from "../../kube/paths.ts";

export const poolResource = calicoResource("ippools");
export const blockResource = calicoResource("ipamblocks");
export const affinityResource = calicoResource("blockaffinities");
export const reservationResource = calicoResource("ipreservations");
export const namespaceResource: ResourceRef = {
  group: "",
  version: "v1",
  plural: "namespaces",
  namespaced: false,
};
