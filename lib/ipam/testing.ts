import { parseCidr } from "./cidr.ts";
import type { Pool } from "./pool.ts";

/** A pool for tests: enabled, automatic, for everybody, no encapsulation, no NAT; `changes` win. */
export function testPool(name: string, cidr: string, changes: Partial<Pool> = {}): Pool {
  const network = parseCidr(cidr).cidr;
  return {
    name,
    uid: `uid-${name}`,
    resourceVersion: "1",
    createdAt: "2026-08-22T12:00:00Z",
    labels: {},
    annotations: {},
    cidr: network,
    blockSize: network.family === 4 ? 26 : 122,
    disabled: false,
    natOutgoing: false,
    ipipMode: "Never",
    vxlanMode: "Never",
    disableBGPExport: false,
    nodeSelector: "all()",
    namespaceSelector: "",
    allowedUses: ["Workload", "Tunnel"],
    assignmentMode: "Automatic",
    deleting: false,
    allocatable: null,
    ...changes,
  };
}
