import type { Affinity, AffinityState } from "../ipam/snapshot.ts";
import { affinityName } from "./names.ts";
import { isDeleted, type Parsed, readCidr, record, show, text } from "./reading.ts";

/**
 * One BlockAffinity. Null without a readable CIDR or an owner. An unknown state reads as pending: only `confirmed` counts as ownership.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/k8s/resources/ipam_affinity_v1.go
 */
export function parseAffinity(raw: unknown): Parsed<Affinity> {
  const oddities: string[] = [];
  const tell = (oddity: string): void => void oddities.push(oddity);
  const metadata = record(record(raw).metadata);
  const spec = record(record(raw).spec);
  const cidr = readCidr(spec.cidr, "cidr", tell);
  const host = text(spec.node);
  if (host === null) tell(`node is ${spec.node === undefined ? "missing" : show(spec.node)}`);
  if (cidr === null || host === null) return { value: null, oddities };
  const type = spec.type ?? "host";
  if (type !== "host" && type !== "virtual" && type !== "") tell(`type is ${show(type)}: read as host`);
  const name = affinityName(host, cidr);
  if (metadata.name !== name)
    tell(`the object is named ${show(metadata.name)}, Calico would name it ${name}`);
  const value: Affinity = {
    owner: { type: type === "virtual" ? "virtual" : "host", name: host },
    cidr,
    state: readState(spec.state, tell),
    deleted: isDeleted(spec.deleted),
    revision: text(metadata.resourceVersion),
  };
  return { value, oddities };
}

function readState(value: unknown, tell: (oddity: string) => void): AffinityState {
  if (value === undefined || value === null || value === "") return "confirmed";
  if (value === "confirmed" || value === "pending" || value === "pendingDeletion") return value;
  tell(`state is ${show(value)}: read as pending`);
  return "pending";
}
