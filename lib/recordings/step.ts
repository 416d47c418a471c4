import type { EncapMode, AllowedUse, AssignmentMode } from "../ipam/pool.ts";

/** A pool's spec as it is written in a document; everything but the CIDR may be missing. */
export interface PoolSpec {
  readonly cidr: string;
  readonly blockSize?: number;
  readonly ipipMode?: EncapMode;
  readonly vxlanMode?: EncapMode;
  readonly natOutgoing?: boolean;
  readonly disabled?: boolean;
  readonly disableBGPExport?: boolean;
  readonly nodeSelector?: string;
  readonly namespaceSelector?: string;
  readonly allowedUses?: readonly AllowedUse[];
  readonly assignmentMode?: AssignmentMode;
}

export interface ConfigSpec {
  readonly strictAffinity: boolean;
  readonly autoAllocateBlocks: boolean;
  readonly maxBlocksPerHost?: number;
  readonly ipCooldownSeconds?: number;
  readonly kubeVirtVMAddressPersistence?: "Enabled" | "Disabled";
}

interface Named<Spec> {
  readonly name: string;
  readonly spec: Spec;
}

/** Objects left behind by a story; times are blanked. */
interface RecordedObjects {
  readonly blocks: readonly Named<object>[];
  readonly affinities: readonly Named<object>[];
  readonly handles: readonly Named<object>[];
  readonly pools: readonly Named<PoolSpec>[];
  readonly reservations: readonly Named<{ reservedCIDRs: readonly string[] }>[];
  readonly config: readonly Named<ConfigSpec>[];
}

type Labels = Readonly<Record<string, string | null>>;
type Answer = { readonly ok?: true; readonly error?: string };

/** One step of a recording with Calico's answer; see README.md beside this file. Steps not listed here are not replayed. */
export type Step =
  | { readonly op: "node" | "labelNode" | "namespace"; readonly name: string; readonly labels: Labels }
  | ({ readonly op: "create" | "createObject"; readonly name: string } & Answer &
      (
        | { readonly kind: "IPPool"; readonly spec: PoolSpec }
        | { readonly kind: "IPReservation"; readonly spec: { readonly reservedCIDRs: readonly string[] } }
        | { readonly kind: "IPAMConfig"; readonly spec: ConfigSpec }
      ))
  | ({
      readonly op: "replace";
      readonly kind: "IPPool";
      readonly name: string;
      readonly spec: PoolSpec;
    } & Answer)
  | { readonly op: "createRaw"; readonly name: string; readonly spec: PoolSpec }
  | { readonly op: "deleteRaw"; readonly name: string }
  | {
      readonly op: "poolStates";
      readonly pools: readonly {
        readonly name: string;
        readonly finalizers: readonly string[];
        readonly deleting: boolean;
        readonly conditions: readonly {
          readonly type: string;
          readonly status: string;
          readonly reason: string;
          readonly message: string;
        }[];
      }[];
    }
  | ({ readonly op: "patch"; readonly name: string; readonly spec: Partial<PoolSpec> } & Answer)
  | ({ readonly op: "delete"; readonly name: string } & Answer)
  | { readonly op: "deleteObject"; readonly kind: string; readonly name: string }
  | ({
      readonly op: "configure";
      readonly strictAffinity: boolean | null;
      readonly maxBlocksPerHost: number | null;
    } & Answer)
  | {
      readonly op: "add";
      readonly node: string;
      readonly namespace: string;
      readonly pod: string;
      readonly container: string;
      readonly pools4?: readonly string[];
      readonly pools6?: readonly string[];
      readonly v4?: boolean;
      readonly v6?: boolean;
      readonly ip?: string;
      readonly ips?: readonly string[];
      readonly error?: string;
    }
  | { readonly op: "del"; readonly namespace: string; readonly pod: string; readonly container: string }
  | {
      readonly op: "annotateNode";
      readonly name: string;
      readonly annotations: Readonly<Record<string, string>>;
    }
  | {
      readonly op: "tunnels";
      readonly node: string;
      readonly annotations: Readonly<Record<string, string>>;
      readonly error?: string;
    }
  | { readonly op: "wait"; readonly seconds: number }
  | { readonly op: "releaseIP"; readonly ip: string; readonly text?: string; readonly error?: string }
  | { readonly op: "showIP"; readonly ip: string; readonly text: string }
  | {
      readonly op: "checkpoint";
      readonly objects: RecordedObjects;
      readonly show: string;
      readonly showBlocks: string;
      readonly showBorrowed: string;
      readonly showConfiguration: string;
      readonly getPoolsWide: string;
      readonly "v3.32": { readonly show: string; readonly showBlocks: string; readonly getPoolsWide: string };
    }
  | { readonly op: "pod" | "podStatus" | "checkReport" };

export interface Recording {
  readonly name: string;
  /** API group, and whose CRDs: `crd-v1`, `crd-v1-next`, `native-v3`. */
  readonly mode: string;
  readonly story: string;
  readonly steps: readonly Step[];
}
