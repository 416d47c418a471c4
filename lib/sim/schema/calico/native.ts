import { choice, flag, int, object, text } from "../build.ts";
import type { Schema } from "../schema.ts";
import { ipamBlockSchema, ipamConfigSchema, ipamHandleSchema, ipReservationSchema } from "./ipam.ts";
import { ipPoolSchema } from "./ippool.ts";
import {
  bgpConfigurationSchema,
  clusterInformationSchema,
  felixConfigurationSchema,
  kubeControllersConfigurationSchema,
} from "./settings.ts";

/** One kind as its CustomResourceDefinition describes it. */
export interface NativeKind {
  readonly kind: string;
  readonly plural: string;
  readonly schema: Schema;
  readonly status: boolean;
  readonly shortNames?: readonly string[];
  readonly columns?: readonly PrinterColumn[];
}

interface PrinterColumn {
  readonly name: string;
  readonly type: "string" | "integer" | "boolean" | "date";
  readonly jsonPath: string;
}

const column = (name: string, jsonPath: string, type: PrinterColumn["type"] = "string"): PrinterColumn => ({
  name,
  type,
  jsonPath,
});

/** The schema with some of its `spec` told otherwise, and with `spec` required as everywhere in this group. */
function native(schema: Schema, change: (spec: Schema) => Schema = (spec) => spec): Schema {
  const { spec, ...others } = schema.properties ?? {};
  return {
    ...schema,
    properties: { ...(spec ? { spec: change(spec) } : {}), ...others },
    required: ["spec"],
  };
}

const withProperties =
  (properties: Readonly<Record<string, Schema>>, extra: Schema = {}) =>
  (spec: Schema): Schema => ({ ...spec, properties: { ...spec.properties, ...properties }, ...extra });

const range = text("Range of the block.", { format: "cidr" });

/** BlockAffinity of this group: `deleted` is a flag here. */
const blockAffinitySchema = object("A node's claim on a block.", {
  spec: object(
    "The claim.",
    {
      cidr: range,
      deleted: flag("True after the first half of a deletion.", { default: false }),
      node: text("Name of the node, or load-balancer."),
      state: choice("How far the claim has come.", ["", "confirmed", "pending", "pendingDeletion"]),
      type: text("host or virtual; absent means host."),
    },
    { required: ["cidr", "deleted", "node", "state"] },
  ),
});

/**
 * Calico's kinds as CustomResourceDefinitions of `projectcalico.org/v3`, as Calico's master of 22 August 2026 behaves.
 * Source: projectcalico/calico@87c1590 api/pkg/apis/projectcalico/v3
 */
export const nativeKinds: readonly NativeKind[] = [
  {
    kind: "BGPConfiguration",
    plural: "bgpconfigurations",
    schema: native(bgpConfigurationSchema),
    status: false,
    shortNames: ["bgpconfig", "bgpconfigs"],
  },
  {
    kind: "BlockAffinity",
    plural: "blockaffinities",
    schema: native(blockAffinitySchema),
    status: false,
    shortNames: ["affinity", "affinities"],
    columns: [column("CIDR", ".spec.cidr"), column("Node", ".spec.node"), column("Type", ".spec.type")],
  },
  {
    kind: "ClusterInformation",
    plural: "clusterinformations",
    schema: native(clusterInformationSchema),
    status: false,
    shortNames: ["clusterinfo", "clusterinfos"],
    columns: [
      column("Version", ".spec.calicoVersion"),
      column("Ready", ".spec.datastoreReady", "boolean"),
      column("Types", ".spec.clusterType"),
    ],
  },
  {
    kind: "FelixConfiguration",
    plural: "felixconfigurations",
    schema: native(
      felixConfigurationSchema,
      withProperties({
        nftablesFlowTableOffload: text("Whether established flows bypass the rules.", {
          default: "Disabled",
        }),
        nftablesMode: text("Whether rules are programmed with nftables.", { default: "Auto" }),
      }),
    ),
    status: false,
  },
  {
    kind: "IPAMBlock",
    plural: "ipamblocks",
    schema: native(ipamBlockSchema, withProperties({ cidr: range })),
    status: false,
    columns: [
      column("CIDR", ".spec.cidr"),
      column("Affinity", ".spec.affinity"),
      column("ClaimTime", ".spec.affinityClaimTime", "date"),
    ],
  },
  {
    kind: "IPAMConfiguration",
    plural: "ipamconfigurations",
    schema: native(
      ipamConfigSchema,
      withProperties({
        autoAllocateBlocks: flag("False stops nodes from claiming new blocks.", { default: true }),
        maxBlocksPerHost: int("Most blocks that one node may own; 0 means 20.", {
          minimum: 0,
          maximum: 2147483647,
          default: 0,
        }),
        strictAffinity: flag("True: a node takes no address from another node's block.", { default: false }),
      }),
    ),
    status: false,
    shortNames: ["ipamconfig", "ipamconfigs"],
    columns: [
      column("StrictAffinity", ".spec.strictAffinity", "boolean"),
      column("MaxBlocksPerHost", ".spec.maxBlocksPerHost", "integer"),
      column("AutoAllocateBlocks", ".spec.autoAllocateBlocks", "boolean"),
    ],
  },
  {
    kind: "IPAMHandle",
    plural: "ipamhandles",
    schema: native(ipamHandleSchema),
    status: false,
    columns: [column("ID", ".spec.handleID")],
  },
  {
    kind: "IPPool",
    plural: "ippools",
    schema: native(ipPoolSchema("next")),
    status: true,
    columns: [
      column("CIDR", ".spec.cidr"),
      column("VXLAN", ".spec.vxlanMode"),
      column("IPIP", ".spec.ipipMode"),
      column("NAT", ".spec.natOutgoing", "boolean"),
      column("Allocatable", ".status.conditions[?(@.type=='Allocatable')].status"),
      column("Age", ".metadata.creationTimestamp", "date"),
    ],
  },
  {
    kind: "IPReservation",
    plural: "ipreservations",
    schema: native(ipReservationSchema("next")),
    status: false,
  },
  {
    kind: "KubeControllersConfiguration",
    plural: "kubecontrollersconfigurations",
    schema: native(kubeControllersConfigurationSchema, withProperties({}, { required: ["controllers"] })),
    status: true,
    shortNames: ["kcc", "kccs"],
  },
];
