import { familyBits } from "../ipam/address.ts";
import { type Cidr, formatCidr } from "../ipam/cidr.ts";
import type { AllocatableCondition, AllowedUse, EncapMode, Pool } from "../ipam/pool.ts";
import { selectorProblem } from "../ipam/selector.ts";
import { viewMetadata } from "./metadata.ts";
import { list, type Parsed, type RawRecord, readCidr, record, show, text } from "./reading.ts";

type Tell = (oddity: string) => void;

/**
 * One IPPool of either API group, with the defaults that every Calico client applies on reading. Null without a name or a readable CIDR.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/clientv3/ippool.go convertIpPoolFromStorage
 */
export function parsePool(raw: unknown): Parsed<Pool> {
  const metadata = viewMetadata(raw);
  const oddities = [...metadata.oddities];
  const tell: Tell = (oddity) => void oddities.push(oddity);
  const spec = record(record(raw).spec);
  const cidr = readCidr(spec.cidr, "cidr", tell);
  if (metadata.name === "") tell("the object has no name");
  if (cidr === null || metadata.name === "") return { value: null, oddities };
  if (
    typeof spec.cidr === "string" &&
    formatCidr(cidr) !== spec.cidr &&
    oddities.length === metadata.oddities.length
  ) {
    tell(`cidr ${show(spec.cidr)} is not in canonical form: read as ${formatCidr(cidr)}`);
  }
  const ipipMode = readMode(spec, "ipipMode", tell);
  const vxlanMode = readMode(spec, "vxlanMode", tell);
  if (ipipMode !== "Never" && vxlanMode !== "Never")
    tell("ipipMode and vxlanMode are both on: Calico uses VXLAN");
  if (ipipMode !== "Never" && cidr.family === 6) tell("ipipMode is on, but IPIP does not carry IPv6");
  const value: Pool = {
    name: metadata.name,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    createdAt: metadata.createdAt,
    labels: metadata.labels,
    annotations: metadata.annotations,
    cidr,
    blockSize: readBlockSize(spec.blockSize, cidr, tell),
    disabled: readFlag(spec, "disabled", tell),
    natOutgoing: readFlag(spec, "natOutgoing", tell),
    ipipMode,
    vxlanMode,
    disableBGPExport: readFlag(spec, "disableBGPExport", tell),
    nodeSelector: readSelector(spec, "nodeSelector", tell) || "all()",
    namespaceSelector: readSelector(spec, "namespaceSelector", tell),
    allowedUses: readUses(spec.allowedUses, tell),
    assignmentMode: readAssignmentMode(spec.assignmentMode, tell),
    deleting: metadata.deleting,
    allocatable: readCondition(record(raw), tell),
  };
  return { value, oddities };
}

/** A size that no block of this family can have reads as the default: Calico itself cannot work with it. */
function readBlockSize(value: unknown, cidr: Cidr, tell: Tell): number {
  const [standard, smallest] = cidr.family === 4 ? [26, 20] : [122, 116];
  let size = standard;
  if (typeof value === "number" && Number.isInteger(value) && value > 0 && value <= familyBits(cidr.family))
    size = value;
  else if (value !== undefined && value !== null && value !== 0)
    tell(`blockSize is ${show(value)}: read as ${standard}`);
  if (size < smallest) tell(`blockSize ${size} is below ${smallest}`);
  if (size < cidr.prefix)
    tell(`blocks of /${size} do not fit into ${formatCidr(cidr)}: no address can be given`);
  return size;
}

function readFlag(spec: RawRecord, field: string, tell: Tell): boolean {
  const value = spec[field];
  if (value !== undefined && value !== null && typeof value !== "boolean")
    tell(`${field} is ${show(value)}: read as false`);
  return value === true;
}

function readMode(spec: RawRecord, field: string, tell: Tell): EncapMode {
  const value = spec[field];
  if (value === "Always" || value === "CrossSubnet" || value === "Never") return value;
  if (value !== undefined && value !== null && value !== "")
    tell(`${field} is ${show(value)}: read as Never`);
  return "Never";
}

function readSelector(spec: RawRecord, field: string, tell: Tell): string {
  const value = spec[field];
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") {
    tell(`${field} is ${show(value)}: read as absent`);
    return "";
  }
  const problem = selectorProblem(value);
  if (problem !== null) {
    tell(
      `${field} ${show(value)} cannot be read (${problem}): while this pool is enabled, every request that names no pool fails`,
    );
  }
  return value;
}

function readUses(value: unknown, tell: Tell): readonly AllowedUse[] {
  const entries = list(value);
  if (value !== undefined && value !== null && !Array.isArray(value))
    tell(`allowedUses is ${show(value)}: read as absent`);
  if (entries.length === 0) return ["Workload", "Tunnel"];
  const uses = entries.filter(
    (use): use is AllowedUse => use === "Workload" || use === "Tunnel" || use === "LoadBalancer",
  );
  if (uses.length < entries.length) tell(`allowedUses ${show(value)} holds uses that Calico does not know`);
  if (uses.length > 1 && uses.includes("LoadBalancer"))
    tell("allowedUses combines LoadBalancer with other uses");
  return [...new Set(uses)];
}

function readAssignmentMode(value: unknown, tell: Tell): Pool["assignmentMode"] {
  if (value === "Manual") return "Manual";
  if (value !== undefined && value !== null && value !== "" && value !== "Automatic") {
    tell(`assignmentMode is ${show(value)}: the pool is not used automatically`);
    return "Manual";
  }
  return "Automatic";
}

function readCondition(raw: RawRecord, tell: Tell): AllocatableCondition | null {
  const found = list(record(raw.status).conditions)
    .map(record)
    .find((condition) => condition.type === "Allocatable");
  if (found === undefined) return null;
  const { status } = found;
  if (status !== "True" && status !== "False" && status !== "Unknown") {
    tell(`condition Allocatable has status ${show(status)}: left out`);
    return null;
  }
  return { status, reason: text(found.reason) ?? "", message: text(found.message) ?? "" };
}
