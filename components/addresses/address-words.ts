import type { Address } from "@/lib/contract/addresses.ts";

export const stateWords: Record<Address["state"], string> = {
  used: "In use",
  cooling: "Cooling",
  reserved: "Reserved",
  free: "Free",
  unclaimed: "Unclaimed",
};

export const kindWords: Record<NonNullable<Address["kind"]>, string> = {
  pod: "Pod",
  tunnel: "Tunnel",
  loadBalancer: "LoadBalancer",
  vm: "Virtual machine",
  windows: "Windows, reserved",
  other: "Other",
};

/** `namespace/name`, or the name alone; null: nobody. */
export function ownerText({ owner }: Pick<Address, "owner">): string | null {
  if (owner === null) return null;
  return owner.namespace === null ? owner.name : `${owner.namespace}/${owner.name}`;
}

/** `10.64.0.67`, or the run `10.64.0.67 – 10.64.0.127`. */
export function addressText(address: Pick<Address, "ip" | "lastIp">): string {
  return address.lastIp === null ? address.ip : `${address.ip} – ${address.lastIp}`;
}
