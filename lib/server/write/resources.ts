import type { ResourceRef } from "../../kube/paths.ts";

/** The group that Calico's objects are written to: the dialect of clusters without the v3 API. */
const calicoGroup = "crd.projectcalico.org";

const calico = (plural: string): ResourceRef => ({
  group: calicoGroup,
  version: "v1",
  plural,
  namespaced: false,
});

export const poolResource = calico("ippools");
export const blockResource = calico("ipamblocks");
export const affinityResource = calico("blockaffinities");
export const reservationResource = calico("ipreservations");
export const namespaceResource: ResourceRef = {
  group: "",
  version: "v1",
  plural: "namespaces",
  namespaced: false,
};
