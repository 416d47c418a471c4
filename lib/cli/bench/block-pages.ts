import { createHash } from "node:crypto";

/** Blocks of /26 as Calico writes them, all alike full. */
export interface BlockPlan {
  readonly blocks: number;
  /** Addresses in use in each; at most 64. */
  readonly used: number;
  readonly nodes: number;
}

const pageSize = 250;
const namespaces = 300;
const deployments = 5_000;

/** Lists of 250 blocks each, one after the other: 1,100,000 addresses are 400 MB of JSON. */
export function* blockPages(plan: BlockPlan): Generator<string> {
  for (let first = 0; first < plan.blocks; first += pageSize) {
    const count = Math.min(pageSize, plan.blocks - first);
    const items = Array.from({ length: count }, (_, at) => blockText(plan, first + at, 0));
    yield `{"items":[${items.join(",")}]}`;
  }
}

/** One block. With `change` > 0 it is a newer version, in which one address has passed to another pod. */
export function blockText({ used, nodes }: BlockPlan, block: number, change: number): string {
  const cidr = `${10 + (block >> 18)}.${(block >> 10) & 255}.${(block >> 2) & 255}.${(block & 3) * 64}/26`;
  const node = `node-${String(block % nodes).padStart(4, "0")}.eu-central-1.compute.internal`;
  const ordinals = Array.from({ length: 64 }, (_, ordinal) => ordinal);
  const attributes = ordinals
    .slice(0, used)
    .map((ordinal) => attributeOf(node, block, ordinal, ordinal === change % used ? change : 0));
  return JSON.stringify({
    apiVersion: "crd.projectcalico.org/v1",
    kind: "IPAMBlock",
    metadata: {
      name: cidr.replaceAll(/[./]/g, "-"),
      uid: uuid(block),
      resourceVersion: String(1_000_000 + block + change),
      creationTimestamp: "2026-11-01T08:00:00Z",
      generation: 1 + change,
    },
    spec: {
      cidr,
      affinity: `host:${node}`,
      affinityClaimTime: "2026-11-01T08:00:00Z",
      allocations: ordinals.map((ordinal) => (ordinal < used ? ordinal : null)),
      unallocated: ordinals.slice(used),
      attributes,
      sequenceNumber: 1_780_000_000 + change,
      sequenceNumberForAllocation: Object.fromEntries(
        ordinals.slice(0, used).map((ordinal) => [ordinal, 1_780_000_000 + ordinal]),
      ),
      deleted: false,
      strictAffinity: false,
    },
  });
}

function attributeOf(node: string, block: number, ordinal: number, change: number) {
  const digits = createHash("sha256").update(`${block} ${ordinal} ${change}`).digest("hex");
  const app = (block * 13 + ordinal * 31) % deployments;
  const day = String(1 + ((block + ordinal) % 28)).padStart(2, "0");
  const second = String((ordinal + change) % 60).padStart(2, "0");
  return {
    handle_id: `k8s-pod-network.${digits}`,
    secondary: {
      namespace: `team-${String(app % namespaces).padStart(3, "0")}`,
      node,
      pod: `app-${String(app).padStart(4, "0")}-7d9f8c6b5d-${digits.slice(0, 5)}`,
      timestamp: `2026-10-${day} 08:11:${second}.${String(block % 1_000).padStart(3, "0")}000001 +0000 UTC`,
    },
  };
}

function uuid(block: number): string {
  const digits = createHash("sha256").update(`uid ${block}`).digest("hex");
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20, 32),
  ].join("-");
}
