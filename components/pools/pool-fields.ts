import type { PoolChange } from "@/lib/contract/pools.ts";

/** The fields Calico lets change, in the order they are shown, with their names in words. */
export const fieldWords: readonly { readonly field: keyof PoolChange; readonly label: string }[] = [
  { field: "disabled", label: "Disabled" },
  { field: "natOutgoing", label: "NAT for outgoing traffic" },
  { field: "ipipMode", label: "IPIP" },
  { field: "vxlanMode", label: "VXLAN" },
  { field: "disableBGPExport", label: "Hidden from BGP" },
  { field: "nodeSelector", label: "Nodes" },
  { field: "namespaceSelector", label: "Namespaces" },
  { field: "allowedUses", label: "Used for" },
  { field: "assignmentMode", label: "Assignment" },
];
