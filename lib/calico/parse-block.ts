import { formatAddress } from "../ipam/address.ts";
import type { Attribute, Block, Owner } from "../ipam/block.ts";
import { addressAt, type Cidr, cidrSize, formatCidr } from "../ipam/cidr.ts";
import { cidrName } from "../ipam/cidr-name.ts";
import {
  isDeleted,
  isRecord,
  isTime,
  list,
  type Parsed,
  type RawRecord,
  readCidr,
  record,
  show,
  text,
  textMap,
} from "./reading.ts";

type Tell = (oddity: string) => void;

/** Calico makes no block larger than a /20 or /116. */
const LARGEST_BLOCK = 4096n;

const unknownAttribute: Attribute = { handle: null, owner: {}, alternateOwner: null, releasedAt: null };

/**
 * One IPAMBlock of either API group. Null without a readable CIDR of at most 4,096 addresses. What can be counted is counted:
 * a slot that points at no attribute is in use by nobody known; queue entries are kept as stored when they lie in the block.
 * Sequence numbers are exact only when the object was read with parseLossless; whoever does not need them leaves them out
 * (`sequences: false` reads them as absent, and says nothing about them).
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/model/block.go, libcalico-go/lib/apis/internalapi/ipam_block.go
 */
export function parseBlock(raw: unknown, { sequences = true } = {}): Parsed<Block> {
  const oddities: string[] = [];
  const tell: Tell = (oddity) => void oddities.push(oddity);
  const metadata = record(record(raw).metadata);
  const spec = record(record(raw).spec);
  const cidr = readCidr(spec.cidr, "cidr", tell);
  if (cidr === null) return { value: null, oddities };
  if (cidrSize(cidr) > LARGEST_BLOCK) {
    tell(`cidr ${formatCidr(cidr)} is larger than any block`);
    return { value: null, oddities };
  }
  if (metadata.name !== cidrName(cidr)) {
    tell(`the object is named ${show(metadata.name)}, but holds ${formatCidr(cidr)}`);
  }
  const attributes = readAttributes(spec.attributes, tell);
  const allocations = readAllocations(spec.allocations, cidr, attributes, tell);
  const value: Block = {
    cidr,
    affinity: readAffinity(spec.affinity, tell),
    claimedAt: readTime(spec.affinityClaimTime, "affinityClaimTime", tell),
    allocations,
    queue: readQueue(spec.unallocated, cidr, allocations, tell),
    attributes,
    sequenceNumber: (sequences ? readSequence(spec.sequenceNumber, "sequenceNumber", tell) : null) ?? 0n,
    sequenceForAllocation: sequences
      ? readSequences(spec.sequenceNumberForAllocation, allocations.length, tell)
      : new Map(),
    deleted: isDeleted(spec.deleted),
    revision: text(metadata.resourceVersion),
  };
  return { value, oddities };
}

function readAffinity(value: unknown, tell: Tell): Owner | null {
  if (value === undefined || value === null || value === "") return null;
  const match = typeof value === "string" ? /^(host|virtual):(.+)$/s.exec(value) : null;
  const name = match?.[2];
  if (name === undefined) {
    tell(`affinity is ${show(value)}, neither "host:…" nor "virtual:…": read as no owner`);
    return null;
  }
  return { type: match?.[1] === "virtual" ? "virtual" : "host", name };
}

/** Adds `unknownAttribute` to the attributes when a slot needs it. */
function readAllocations(value: unknown, cidr: Cidr, attributes: Attribute[], tell: Tell): (number | null)[] {
  const size = Number(cidrSize(cidr));
  const entries = list(value);
  if (entries.length !== size)
    tell(`allocations has ${entries.length} entries, the block has ${size} addresses`);
  const known = attributes.length;
  let placeholder = -1;
  const slots: (number | null)[] = [];
  for (let ordinal = 0; ordinal < size; ordinal++) {
    const entry = entries[ordinal] ?? null;
    if (entry === null) slots.push(null);
    else if (typeof entry === "number" && Number.isInteger(entry) && entry >= 0 && entry < known)
      slots.push(entry);
    else {
      const ip = formatAddress(addressAt(cidr, ordinal));
      tell(`${ip} points at attribute ${show(entry)} of ${known}: counted as in use, owner unknown`);
      if (placeholder < 0) placeholder = attributes.push(unknownAttribute) - 1;
      slots.push(placeholder);
    }
  }
  return slots;
}

function readQueue(
  value: unknown,
  cidr: Cidr,
  allocations: readonly (number | null)[],
  tell: Tell,
): number[] {
  const ip = (ordinal: number) => formatAddress(addressAt(cidr, ordinal));
  const queue: number[] = [];
  const seen = new Uint8Array(allocations.length);
  const strange = new Set<string>();
  for (const entry of list(value)) {
    if (typeof entry !== "number" || !Number.isInteger(entry) || entry < 0 || entry >= allocations.length) {
      strange.add(`unallocated holds ${show(entry)}, which is no address of the block: left out`);
      continue;
    }
    if (seen[entry] === 1) strange.add(`${ip(entry)} is in the queue of free addresses more than once`);
    if (allocations[entry] !== null)
      strange.add(`${ip(entry)} is in use, but also in the queue of free addresses`);
    seen[entry] = 1;
    queue.push(entry);
  }
  let lost = 0;
  for (let ordinal = 0; ordinal < seen.length; ordinal++)
    if (seen[ordinal] === 0 && allocations[ordinal] === null) lost += 1;
  if (lost > 0)
    strange.add(
      `${lost} free ${lost === 1 ? "address is" : "addresses are"} not in the queue: never handed out`,
    );
  strange.forEach(tell);
  return queue;
}

function readAttributes(value: unknown, tell: Tell): Attribute[] {
  return list(value).map((entry, index) => {
    if (!isRecord(entry)) {
      tell(`attribute ${index} is ${show(entry)}: owner unknown`);
      return unknownAttribute;
    }
    const at = (field: string): string => `${field} of attribute ${index}`;
    return {
      handle: readHandle(entry, index, tell),
      owner: textMap(entry.secondary, at("secondary"), tell),
      alternateOwner: readAlternate(entry.alternateOwnerAttrs, at, tell),
      releasedAt: isAbsent(entry.releasedAt) ? null : readTime(entry.releasedAt, at("releasedAt"), tell),
    };
  });
}

function readAlternate(
  value: unknown,
  at: (field: string) => string,
  tell: Tell,
): Attribute["alternateOwner"] {
  if (isAbsent(value)) return null;
  const keys = textMap(value, at("alternateOwnerAttrs"), tell);
  return Object.keys(keys).length === 0 ? null : keys;
}

/** As nearly all of these are: then not even their names are put together. */
function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** Cut at the first carriage return. Source: libcalico-go/lib/ipam/ipam_block.go sanitizeHandle */
function readHandle(entry: RawRecord, index: number, tell: Tell): string | null {
  const value = entry.handle_id;
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value.includes("\r") ? (value.split("\r", 1)[0] ?? "") : value;
  tell(`handle_id of attribute ${index} is ${show(value)}: read as absent`);
  return null;
}

function readTime(value: unknown, name: string, tell: Tell): string | null {
  if (value === undefined || value === null) return null;
  if (isTime(value)) return value;
  tell(`${name} is ${show(value)}, not a time: left out`);
  return null;
}

function readSequence(value: unknown, name: string, tell: Tell): bigint | null {
  if (typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) {
    if (!Number.isSafeInteger(value)) tell(`${name} ${value} was read without its last digits`);
    return BigInt(value);
  }
  tell(`${name} is ${value === undefined ? "missing" : show(value)}`);
  return null;
}

function readSequences(value: unknown, size: number, tell: Tell): ReadonlyMap<number, bigint> {
  const sequences = new Map<number, bigint>();
  for (const [key, entry] of Object.entries(record(value))) {
    const ordinal = /^\d+$/.test(key) ? Number(key) : -1;
    const name = `sequenceNumberForAllocation of ${show(key)}`;
    if (ordinal < 0 || ordinal >= size) {
      tell(`${name}: no such address in the block`);
      continue;
    }
    const sequence = readSequence(entry, name, tell);
    if (sequence !== null) sequences.set(ordinal, sequence);
  }
  return sequences;
}
