import { formatCidr } from "../ipam/cidr.ts";
import type { Handle } from "../ipam/snapshot.ts";
import { handleName } from "./names.ts";
import { isDeleted, type Parsed, readCidr, record, show, text } from "./reading.ts";

/** One IPAMHandle. Null when neither `handleID` nor the object's name says which. Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/model/ipam_handle.go */
export function parseHandle(raw: unknown): Parsed<Handle> {
  const oddities: string[] = [];
  const tell = (oddity: string): void => void oddities.push(oddity);
  const metadata = record(record(raw).metadata);
  const spec = record(record(raw).spec);
  const name = text(metadata.name);
  const id = text(spec.handleID) ?? name;
  if (text(spec.handleID) === null)
    tell(`handleID is ${spec.handleID === undefined ? "missing" : show(spec.handleID)}`);
  if (id === null) return { value: null, oddities };
  if (name !== handleName(id)) tell(`the object is named ${show(metadata.name)}, but is handle ${show(id)}`);
  const blocks = new Map<string, number>();
  for (const [key, count] of Object.entries(record(spec.block))) {
    const cidr = readCidr(key, "block", tell);
    if (cidr === null) continue;
    if (typeof count === "number" && Number.isInteger(count) && count > 0)
      blocks.set(formatCidr(cidr), count);
    else tell(`block ${key} has count ${show(count)}: left out`);
  }
  return {
    value: { id, blocks, deleted: isDeleted(spec.deleted), revision: text(metadata.resourceVersion) },
    oddities,
  };
}
