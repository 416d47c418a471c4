import type { Pool } from "@/lib/contract/pools.ts";

/** A setting in words: what it is, what it is set to, what that means. */
export interface SettingWords {
  readonly label: string;
  readonly value: string;
  readonly note: string;
  /** The value is code: a selector or an address. */
  readonly mono?: true;
}

const encapsulated = {
  Always: "Every packet to another node is wrapped.",
  CrossSubnet: "Packets are wrapped only between nodes of different subnets.",
} as const;

/** Every field of a pool in plain words. */
export function settingsWords(pool: Pool): readonly SettingWords[] {
  return [
    {
      label: "CIDR",
      value: pool.cidr,
      mono: true,
      note: "Its range of addresses. It cannot be changed; a new pool replaces it.",
    },
    {
      label: "Block size",
      value: `/${pool.blockSize}`,
      note: `A node claims ${perBlock(pool)} at a time. It cannot be changed.`,
    },
    {
      label: "New addresses",
      value: pool.disabled ? "No" : "Yes",
      note: pool.disabled
        ? "It is disabled: addresses in use stay, no new ones are given."
        : "Nodes may take addresses from it.",
    },
    ...encapsulationWords(pool),
    {
      label: "NAT for outgoing traffic",
      value: pool.natOutgoing ? "Yes" : "No",
      note: pool.natOutgoing
        ? "Packets to an address in no pool leave with the node's address."
        : "Packets keep the pod's address wherever they go, so the network must route it back.",
    },
    {
      label: "BGP export",
      value: pool.disableBGPExport ? "No" : "Yes",
      note: pool.disableBGPExport
        ? "Its routes are not told to BGP peers."
        : "Its routes are told to BGP peers, where BGP runs.",
    },
    {
      label: "Nodes",
      value: pool.nodeSelector,
      mono: true,
      note:
        pool.nodeSelector === "all()"
          ? "Every node may claim blocks."
          : "Only nodes with matching labels claim blocks.",
    },
    {
      label: "Namespaces",
      value: pool.namespaceSelector ?? "every namespace",
      ...(pool.namespaceSelector === null ? {} : { mono: true as const }),
      note:
        pool.namespaceSelector === null
          ? "It serves pods of every namespace."
          : "It serves pods of matching namespaces that name no pool themselves.",
    },
    { label: "Used for", value: pool.allowedUses.join(", "), note: usesWords(pool.allowedUses) },
    {
      label: "Assignment",
      value: pool.assignmentMode,
      note:
        pool.assignmentMode === "Manual"
          ? "Only pods and namespaces that name it get its addresses."
          : "Any pod that names no pool may get its addresses.",
    },
    {
      label: "Labels",
      value:
        Object.entries(pool.labels)
          .map(([key, value]) => `${key}=${value}`)
          .join(", ") || "none",
      note: "",
    },
  ];
}

function perBlock({ family, blockSize }: Pool): string {
  const count = 1n << BigInt((family === 4 ? 32 : 128) - blockSize);
  return count === 1n ? "one address" : `${count} addresses`;
}

function encapsulationWords(pool: Pool): readonly SettingWords[] {
  if (pool.vxlanMode === "Never" && pool.ipipMode === "Never") {
    return [
      {
        label: "Encapsulation",
        value: "None",
        note: "Packets travel as they are; the network must know the routes.",
      },
    ];
  }
  const kind = pool.vxlanMode === "Never" ? "IPIP" : "VXLAN";
  const mode = kind === "IPIP" ? pool.ipipMode : pool.vxlanMode;
  return [
    { label: "Encapsulation", value: `${kind}, ${mode}`, note: mode === "Never" ? "" : encapsulated[mode] },
  ];
}

function usesWords(uses: readonly string[]): string {
  const words = [
    uses.includes("Workload") ? "pods" : null,
    uses.includes("Tunnel") ? "tunnel addresses of nodes" : null,
    uses.includes("LoadBalancer") ? "LoadBalancer Services" : null,
  ].filter((word) => word !== null);
  return words.length === 0 ? "Nothing takes its addresses." : `Its addresses go to ${words.join(" and ")}.`;
}
