import { AddressError, parseAddress } from "./address.ts";
import { type Cidr, cidrContains, cidrsOverlap, parseCidr } from "./cidr.ts";

interface NodeAddresses {
  readonly name: string;
  readonly addresses: readonly string[];
}

const ranges = (
  [
    ["127.0.0.0/8", "is loopback: no packet to it leaves a node"],
    ["::1/128", "is loopback: no packet to it leaves a node"],
    ["224.0.0.0/4", "is for multicast: no pod can have an address of it"],
    ["ff00::/8", "is for multicast: no pod can have an address of it"],
    ["240.0.0.0/4", "is reserved: most systems drop its packets"],
    ["172.17.0.0/16", "is usually Docker's bridge on the nodes"],
    ["10.96.0.0/12", "is where most clusters have their Services"],
  ] as const
).map(([text, what]) => ({ text, what, cidr: parseCidr(text).cidr }));

/**
 * What Calico accepts about a pool's network and will most likely break something, in sentences: it checks no range but link-local ones,
 * and no address of a node.
 */
export function cidrWarnings(cidr: Cidr, nodes: Iterable<NodeAddresses>): string[] {
  const told = ranges
    .filter((range) => cidrsOverlap(range.cidr, cidr))
    .map(({ text, what }) => `It overlaps ${text}, which ${what}.`);
  const hit = [...nodes].flatMap(({ name, addresses }) =>
    addresses.filter((text) => holds(cidr, text)).map((text) => `${text} of ${name}`),
  );
  const [first] = hit;
  if (first === undefined) return told;
  const more = hit.length === 1 ? "" : ` and ${hit.length - 1} more`;
  return [
    `It holds addresses of nodes: ${first}${more}. Packets to them would be taken for packets to pods.`,
    ...told,
  ];
}

function holds(cidr: Cidr, text: string): boolean {
  try {
    return cidrContains(cidr, parseAddress(text));
  } catch (error) {
    if (error instanceof AddressError) return false;
    throw error;
  }
}
