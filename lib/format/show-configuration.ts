import type { IpamConfig } from "../ipam/snapshot.ts";
import type { ShowLayout } from "./ipam-show.ts";
import { goPrettyTable, tablewriterTable, type TextTable } from "./text-table.ts";

/**
 * Properties of the IPAM configuration in calicoctl's order. For KubeVirtVMAddressPersistence calicoctl prints the
 * address of a Go pointer; this is the value behind it.
 * Source: projectcalico/calico@87c1590 calicoctl/calicoctl/commands/ipam/show.go showConfiguration
 */
export function configurationTable(config: IpamConfig, layout: ShowLayout): TextTable {
  const rows = [
    ["StrictAffinity", String(config.strictAffinity)],
    ["AutoAllocateBlocks", String(config.autoAllocateBlocks)],
    ["MaxBlocksPerHost", String(config.maxBlocksPerHost)],
    ["KubeVirtVMAddressPersistence", config.kubeVirtVMAddressPersistence],
    ["IPCooldownSeconds", String(config.ipCooldownSeconds)],
  ];
  return { header: ["PROPERTY", "VALUE"], rows: layout === "v3.32" ? rows.slice(0, 4) : rows };
}

export function configurationText(table: TextTable, layout: ShowLayout): string {
  return layout === "v3.32" ? tablewriterTable(table) : goPrettyTable(table);
}
