import { formatCidr } from "../../ipam/cidr.ts";
import type { Pool } from "../../ipam/pool.ts";

/** The spec of a pool as the contract shows it. */
export function poolSpec(pool: Pool) {
  return {
    cidr: formatCidr(pool.cidr),
    blockSize: pool.blockSize,
    disabled: pool.disabled,
    natOutgoing: pool.natOutgoing,
    ipipMode: pool.ipipMode,
    vxlanMode: pool.vxlanMode,
    disableBGPExport: pool.disableBGPExport,
    nodeSelector: pool.nodeSelector,
    namespaceSelector: pool.namespaceSelector === "" ? null : pool.namespaceSelector,
    allowedUses: [...pool.allowedUses],
    assignmentMode: pool.assignmentMode,
  };
}
