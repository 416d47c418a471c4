import { choice, flag, int, int64, list, map, object, text, textMap, time } from "../build.ts";
import type { Schema } from "../schema.ts";
import type { CalicoLevel } from "./level.ts";

/**
 * IPAMBlock. Source: projectcalico/calico@87c1590 libcalico-go/lib/apis/internalapi/ipam_block.go. v3.32 has no `releasedAt`;
 * it is kept there too, because addresses cool down in every version of this cluster that is told to.
 */
export const ipamBlockSchema: Schema = object(
  "One block of a pool, with an entry for each of its addresses.",
  {
    spec: object(
      "The block and its allocations.",
      {
        affinity: text("Who owns the block: host:NODE or virtual:load-balancer. Absent: nobody."),
        affinityClaimTime: time("When the owner claimed the block."),
        allocations: list(
          "One entry per address, in address order: null when free, otherwise an index into attributes.",
          int("Index into attributes.", { nullable: true }),
        ),
        attributes: list(
          "Facts about allocations; several addresses may share one entry.",
          object("One entry.", {
            alternateOwnerAttrs: textMap("The other owner during a live migration."),
            handle_id: text("Handle under which the address was taken."),
            releasedAt: time("When the address was released; it is cooling down."),
            secondary: textMap("The owner: pod, namespace, node, type and so on."),
          }),
        ),
        cidr: text("Range of the block."),
        deleted: flag("First half of a deletion: the block counts as absent."),
        sequenceNumber: int64("Grows by one with each write.", { default: 0 }),
        sequenceNumberForAllocation: map(
          "Address ordinal to the sequence number under which it was taken.",
          int64("A sequence number."),
        ),
        strictAffinity: flag("No longer used; see the IPAMConfig."),
        unallocated: list(
          "Queue of free ordinals; the first is handed out next.",
          int("Ordinal of an address in the block."),
        ),
      },
      { required: ["allocations", "attributes", "cidr", "strictAffinity", "unallocated"] },
    ),
  },
);

/** BlockAffinity. `deleted` is text in this API group. */
export const blockAffinitySchema: Schema = object("A node's claim on a block.", {
  spec: object(
    "The claim.",
    {
      cidr: text("Range of the block."),
      deleted: text('"true" after the first half of a deletion.'),
      node: text("Name of the node, or load-balancer."),
      state: text("pending, confirmed or pendingDeletion."),
      type: text("host or virtual; absent means host."),
    },
    { required: ["cidr", "deleted", "node", "state"] },
  ),
});

export const ipamHandleSchema: Schema = object(
  "Where the addresses of one handle (a pod sandbox, a tunnel) are.",
  {
    spec: object(
      "The handle and its blocks.",
      {
        block: map("Range of a block to the number of addresses in it.", int("Number of addresses.")),
        deleted: flag("First half of a deletion: the handle counts as absent."),
        handleID: text("The handle in its original spelling."),
      },
      { required: ["block", "handleID"] },
    ),
  },
);

/** IPAMConfig. v3.32 has no `ipCooldownSeconds`; it is known there too. */
export const ipamConfigSchema: Schema = object(
  "Cluster-wide settings of Calico IPAM; the object is called default.",
  {
    spec: object(
      "The settings.",
      {
        autoAllocateBlocks: flag("False stops nodes from claiming new blocks."),
        ipCooldownSeconds: int("Seconds that a released address rests before it is handed out again.", {
          minimum: 0,
          maximum: 1200,
        }),
        kubeVirtVMAddressPersistence: choice("Whether a virtual machine keeps its address across restarts.", [
          "Enabled",
          "Disabled",
        ]),
        maxBlocksPerHost: int("Most blocks that one node may own; 0 means 20.", {
          minimum: 0,
          maximum: 2147483647,
        }),
        strictAffinity: flag("True: a node takes no address from another node's block."),
      },
      { required: ["autoAllocateBlocks", "strictAffinity"] },
    ),
  },
);

export function ipReservationSchema(level: CalicoLevel): Schema {
  const entry = text("A range in CIDR notation.", level === "next" ? { format: "cidr" } : {});
  return object("Ranges from which no address is handed out automatically.", {
    spec: object("The ranges.", {
      reservedCIDRs: list("Reserved ranges; one address is a /32 or /128.", entry, {
        "x-kubernetes-list-type": "set",
      }),
    }),
  });
}
