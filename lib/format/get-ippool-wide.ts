import { formatCidr } from "../ipam/cidr.ts";
import { compareNames } from "../ipam/cidr-name.ts";
import type { Pool } from "../ipam/pool.ts";
import { tabwriterTable, type TextTable } from "./text-table.ts";

const HEADER = [
  "NAME",
  "CIDR",
  "NAT",
  "IPIPMODE",
  "VXLANMODE",
  "DISABLED",
  "DISABLEBGPEXPORT",
  "SELECTOR",
  "ASSIGNMENTMODE",
];

/** Source: projectcalico/calico@87c1590 calicoctl/calicoctl/resourcemgr/ippool.go */
function poolsWideTable(pools: readonly Pool[]): TextTable {
  const sorted = pools.toSorted((a, b) => compareNames(a.name, b.name));
  return {
    header: HEADER,
    rows: sorted.map((pool) => [
      pool.name,
      formatCidr(pool.cidr),
      String(pool.natOutgoing),
      pool.ipipMode,
      pool.vxlanMode,
      String(pool.disabled),
      String(pool.disableBGPExport),
      pool.nodeSelector,
      pool.assignmentMode,
    ]),
  };
}

/** As `calicoctl get ippool -o wide` prints it, trailing blanks and the empty line included. */
export function poolsWideText(pools: readonly Pool[]): string {
  return tabwriterTable(poolsWideTable(pools));
}
