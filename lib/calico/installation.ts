import { isRecord, record, text } from "./reading.ts";

/** What the operator's `installations/default` says. Texts are null where it says nothing. */
export interface Installation {
  readonly cni: string | null;
  readonly ipam: string | null;
  readonly calicoVersion: string | null;
  /** Where the two came from: `status.computed` holds what the operator made of the spec. */
  readonly readFrom: "status.computed" | "spec";
}

/** The IPAM that each CNI type stands for when the Installation names none. Source: tigera/operator api/v1/installation_types.go */
const IPAM_OF_CNI: Readonly<Record<string, string>> = {
  Calico: "Calico",
  GKE: "HostLocal",
  AmazonVPC: "AmazonVPC",
  AzureVNET: "AzureVNET",
};

export function parseInstallation(raw: unknown): Installation {
  const status = record(record(raw).status);
  const spec = record(record(raw).spec);
  const computed = isRecord(status.computed);
  const effective = computed ? record(status.computed) : spec;
  const cni = record(effective.cni);
  const type = text(cni.type);
  return {
    cni: type,
    ipam: text(record(cni.ipam).type) ?? (type === null ? null : (IPAM_OF_CNI[type] ?? null)),
    calicoVersion: text(status.calicoVersion),
    readFrom: computed ? "status.computed" : "spec",
  };
}
