/** What the cluster turned out to be. */
export interface Detection {
  /** Calico IPAM gives pods their addresses here. */
  readonly detected: boolean;
  /** Why it is not; empty when it is. */
  readonly reason: string;
  readonly kubernetesVersion: string | null;
  readonly cni: string | null;
  readonly ipam: string | null;
  readonly version: string | null;
  readonly apiMode: "crd-v1" | "aggregated-v3" | "native-v3" | null;
  /** The evidence in words. */
  readonly detectedBy: string;
}
