import { AddressError } from "@/lib/ipam/address.ts";
import { type Cidr, parseCidr } from "@/lib/ipam/cidr.ts";

/** A pool as it stands in the form: what was typed, and choices. */
export interface PoolDraft {
  readonly name: string;
  readonly cidr: string;
  /** Text of the prefix length of a block; empty takes Calico's default. */
  readonly blockSize: string;
  readonly encapsulation: "None" | "VXLAN" | "VXLANCrossSubnet" | "IPIP" | "IPIPCrossSubnet";
  readonly natOutgoing: boolean;
  readonly disabled: boolean;
  readonly disableBGPExport: boolean;
  readonly nodeSelector: string;
  readonly namespaceSelector: string;
  readonly uses: "WorkloadTunnel" | "Workload" | "Tunnel" | "LoadBalancer";
  readonly assignmentMode: "Automatic" | "Manual";
}

export const emptyDraft: PoolDraft = {
  name: "",
  cidr: "",
  blockSize: "",
  encapsulation: "VXLANCrossSubnet",
  natOutgoing: true,
  disabled: false,
  disableBGPExport: false,
  nodeSelector: "all()",
  namespaceSelector: "",
  uses: "WorkloadTunnel",
  assignmentMode: "Automatic",
};

const modes = {
  None: { ipipMode: "Never", vxlanMode: "Never" },
  VXLAN: { ipipMode: "Never", vxlanMode: "Always" },
  VXLANCrossSubnet: { ipipMode: "Never", vxlanMode: "CrossSubnet" },
  IPIP: { ipipMode: "Always", vxlanMode: "Never" },
  IPIPCrossSubnet: { ipipMode: "CrossSubnet", vxlanMode: "Never" },
} as const;

const usesOf = {
  WorkloadTunnel: ["Workload", "Tunnel"],
  Workload: ["Workload"],
  Tunnel: ["Tunnel"],
  LoadBalancer: ["LoadBalancer"],
} as const;

/** Calico's block size for a family when none is given. Source: libcalico-go/lib/clientv3/ippool.go */
const defaultBlockSize = { 4: 26, 6: 122 } as const;

/** Without leading zeros: 026 is 22 to some readers and 26 to others. */
const plainNumber = /^(0|[1-9]\d*)$/;

/** The pool of a draft as the document that is sent, in Kubernetes' own shape. A block size that is no number stays text, for the server to refuse. */
export function draftDocument(draft: PoolDraft) {
  const blockSize = draft.blockSize.trim();
  return {
    apiVersion: "projectcalico.org/v3",
    kind: "IPPool",
    metadata: { name: draft.name },
    spec: {
      cidr: draft.cidr,
      ...(blockSize === "" ? {} : { blockSize: plainNumber.test(blockSize) ? Number(blockSize) : blockSize }),
      ...modes[draft.encapsulation],
      natOutgoing: draft.natOutgoing,
      disabled: draft.disabled,
      disableBGPExport: draft.disableBGPExport,
      nodeSelector: draft.nodeSelector,
      ...(draft.namespaceSelector === "" ? {} : { namespaceSelector: draft.namespaceSelector }),
      allowedUses: [...usesOf[draft.uses]],
      assignmentMode: draft.assignmentMode,
    },
  };
}

export type PoolDocument = ReturnType<typeof draftDocument>;

/** The document as YAML, texts quoted wherever YAML could read them as something else. */
export function documentYaml({ apiVersion, kind, metadata, spec }: PoolDocument): string {
  const lines = Object.entries(spec).map(([key, value]) => `  ${key}: ${scalar(value)}`);
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${scalar(metadata.name)}\nspec:\n${lines.join("\n")}\n`;
}

function scalar(value: string | number | boolean | readonly string[]): string {
  if (typeof value === "string")
    return /^[A-Za-z][\w.-]*$|^[\w.]+\/\d+$/.test(value) && !words.test(value)
      ? value
      : JSON.stringify(value);
  return typeof value === "object" ? `[${value.map(scalar).join(", ")}]` : String(value);
}

/** Words that YAML readers take for something else than text. */
const words = /^(true|false|yes|no|on|off|null|y|n)$/i;

/** The network of a draft and the prefix length of its blocks; null while one of them cannot be read. */
export function draftShape(draft: PoolDraft): { readonly cidr: Cidr; readonly blockSize: number } | null {
  const cidr = readCidr(draft.cidr);
  if (cidr === null) return null;
  const given = draft.blockSize.trim();
  if (given !== "" && !plainNumber.test(given)) return null;
  return { cidr, blockSize: given === "" ? defaultBlockSize[cidr.family] : Number(given) };
}

/** The network a text names, or null while it names none. */
export function readCidr(text: string): Cidr | null {
  try {
    return parseCidr(text).cidr;
  } catch (error) {
    if (error instanceof AddressError) return null;
    throw error;
  }
}
