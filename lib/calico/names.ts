import { createHash } from "node:crypto";
import type { Cidr } from "../ipam/cidr.ts";
import { cidrName } from "../ipam/cidr-name.ts";

const LONGEST_NAME = 252;
const HASH_LENGTH = 11;

/**
 * Resource name of a BlockAffinity. `host` is the node, or `load-balancer`. Names of 253 characters or more are cut and get a hash.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/k8s/resources/ipam_affinity_v1.go parseKey
 */
export function affinityName(host: string, cidr: Cidr): string {
  const block = cidrName(cidr);
  const name = `${host}-${block}`;
  if (name.length <= LONGEST_NAME) return name;
  const hash = createHash("sha256").update(`${host}+${block}`).digest("hex").slice(0, HASH_LENGTH);
  return `${host.slice(0, LONGEST_NAME - block.length - HASH_LENGTH - 2)}-${block}-${hash}`;
}

/** Resource name of an IPAMHandle; the handle's own spelling stays in `spec.handleID`. */
export function handleName(handleId: string): string {
  return handleId.toLowerCase();
}

/** Value of the affinity label `projectcalico.org/hostname-hash`. Source: …/libcalico-go/lib/backend/model/block_affinity.go */
export function hostnameHash(host: string): string {
  return base32(createHash("sha3-256").update(host).digest());
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 4648 standard alphabet, no padding. */
function base32(bytes: Uint8Array): string {
  let text = "";
  let pending = 0;
  let bits = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += BASE32.charAt((pending >> (bits - 5)) & 31);
    pending &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + BASE32.charAt((pending << (5 - bits)) & 31);
}

/**
 * The UID that the aggregated API shows for a v1 object, and back: bits of every byte reversed, the seventh and ninth byte kept.
 * Text that is no UUID is returned as it is. Source: …/libcalico-go/lib/backend/k8s/conversion/conversion.go ConvertUID
 */
export function convertUid(uid: string): string {
  if (!/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(uid)) return uid;
  const bytes = Buffer.from(uid.replaceAll("-", ""), "hex");
  const converted = bytes.map((byte, at) => (at === 6 || at === 8 ? byte : reverseBits(byte)));
  const hex = Buffer.from(converted).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function reverseBits(byte: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) reversed |= ((byte >> bit) & 1) << (7 - bit);
  return reversed;
}
