import { addressAt, cidrSize, parseCidr } from "../../ipam/cidr.ts";
import { AddressError, formatAddress } from "../../ipam/address.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { ApiError } from "../../kube/errors.ts";
import { getObject } from "../../kube/objects.ts";
import type { ObjectIndex } from "../controllers/object-index.ts";
import type { ObjectStore } from "../controllers/object-store.ts";
import { resources } from "../controllers/resources.ts";
import type { KubeObject, Node, Pod } from "../kube-objects.ts";
import type { NetworkPlugin } from "./kubelet.ts";

interface Installation extends KubeObject {
  readonly spec?: { readonly cni?: { readonly ipam?: { readonly type?: string } } };
}

/** Whether pods get their addresses from Calico IPAM: so unless the operator's Installation says otherwise. */
export async function usesCalicoIpam(connection: ClusterConnection): Promise<boolean> {
  try {
    const found = await getObject(connection, { resource: resources.installations, name: "default" });
    return ((found as Installation).spec?.cni?.ipam?.type ?? "Calico") === "Calico";
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return true;
    throw error;
  }
}

/** The `host-local` plugin: the lowest address of the node's own podCIDR that none of its pods has; .0 and .1 are the host's. */
export class HostLocal implements NetworkPlugin {
  readonly #nodes: ObjectStore<Node>;
  readonly #podsByNode: ObjectIndex<Pod>;

  constructor(nodes: ObjectStore<Node>, podsByNode: ObjectIndex<Pod>) {
    this.#nodes = nodes;
    this.#podsByNode = podsByNode;
  }

  add(pod: Pod): Promise<{ ips: readonly string[] } | { error: string }> {
    return Promise.resolve(this.#choose(pod.spec.nodeName ?? ""));
  }

  /** Nothing is stored: an address is free again when its pod is gone. */
  del(): Promise<void> {
    return Promise.resolve();
  }

  #choose(node: string): { ips: readonly string[] } | { error: string } {
    const range = this.#nodes.get(node)?.spec?.podCIDR ?? "";
    const taken = new Set(this.#podsByNode.get(node).map((pod) => pod.status?.podIP));
    try {
      const { cidr } = parseCidr(range);
      for (let ordinal = 2; ordinal < cidrSize(cidr) - 1n; ordinal++) {
        const ip = formatAddress(addressAt(cidr, ordinal));
        if (!taken.has(ip)) return { ips: [ip] };
      }
      return { error: `failed to allocate for range 0: no IP addresses available in range set: ${range}` };
    } catch (error) {
      if (!(error instanceof AddressError)) throw error;
      return { error: `node ${node} has no podCIDR` };
    }
  }
}
