import type { IpamConfig } from "../ipam/snapshot.ts";
import { isRecord, type Parsed, type RawRecord, record, show } from "./reading.ts";

type Tell = (oddity: string) => void;

/**
 * IPAMConfig (v1) or IPAMConfiguration (v3) `default`. Fields that are absent have the value Go's zero gives them, except
 * kubeVirtVMAddressPersistence. Null when the object has no spec.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/model/ipam_config.go, libcalico-go/lib/ipam/ipam.go GetIPAMConfig
 */
export function parseConfig(raw: unknown): Parsed<IpamConfig> {
  const oddities: string[] = [];
  const tell: Tell = (oddity) => void oddities.push(oddity);
  if (!isRecord(record(raw).spec)) return { value: null, oddities: ["the object has no spec"] };
  const spec = record(record(raw).spec);
  const value: IpamConfig = {
    strictAffinity: readFlag(spec, "strictAffinity", tell),
    autoAllocateBlocks: readFlag(spec, "autoAllocateBlocks", tell),
    maxBlocksPerHost: readCount(spec, "maxBlocksPerHost", 2_147_483_647, tell),
    kubeVirtVMAddressPersistence: spec.kubeVirtVMAddressPersistence === "Disabled" ? "Disabled" : "Enabled",
    ipCooldownSeconds: readCount(spec, "ipCooldownSeconds", 1200, tell),
  };
  const persistence = spec.kubeVirtVMAddressPersistence;
  if (persistence !== undefined && persistence !== "Enabled" && persistence !== "Disabled") {
    tell(`kubeVirtVMAddressPersistence is ${show(persistence)}: read as Enabled`);
  }
  if (!value.strictAffinity && !value.autoAllocateBlocks) {
    tell("strictAffinity and autoAllocateBlocks are both off: no node claims a block");
  }
  return { value, oddities };
}

function readFlag(spec: RawRecord, field: string, tell: Tell): boolean {
  if (typeof spec[field] !== "boolean")
    tell(`${field} is ${spec[field] === undefined ? "missing" : show(spec[field])}: read as false`);
  return spec[field] === true;
}

function readCount(spec: RawRecord, field: string, most: number, tell: Tell): number {
  const value = spec[field];
  if (value === undefined || value === null) return 0;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most) return value;
  tell(`${field} is ${show(value)}, not between 0 and ${most}: read as 0`);
  return 0;
}
