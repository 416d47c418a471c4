import { formatAddress } from "../ipam/address.ts";
import type { Block } from "../ipam/block.ts";
import { addressAt, formatCidr } from "../ipam/cidr.ts";
import { cidrName, compareNames } from "../ipam/cidr-name.ts";
import { goPrettyTable, type TextTable } from "./text-table.ts";

export interface BorrowedTable extends TextTable {
  /** Allocations that name no node; whether they are borrowed cannot be told. */
  readonly withoutNode: number;
}

const HEADER = ["IP", "BORROWING-NODE", "BLOCK", "BLOCK OWNER", "TYPE", "ALLOCATED-TO"];

/**
 * Addresses used by another node than the block's owner, by block name, then by address. In a block that nobody owns
 * these are all that name a node.
 * Source: projectcalico/calico@87c1590 calicoctl/calicoctl/commands/ipam/show.go showBorrowedDetails
 */
export function borrowedTable(blocks: Iterable<Block>): BorrowedTable {
  const named = [...blocks].map((block) => ({ block, name: cidrName(block.cidr) }));
  const rows: string[][] = [];
  let withoutNode = 0;
  for (const { block } of named.sort((a, b) => compareNames(a.name, b.name))) {
    const owner = block.affinity?.name ?? "";
    block.allocations.forEach((index, ordinal) => {
      if (index === null) return;
      const keys = block.attributes[index]?.owner ?? {};
      const node = keys["node"] ?? "";
      if (node === "") withoutNode++;
      else if (node !== owner) {
        const ip = formatAddress(addressAt(block.cidr, ordinal));
        rows.push([ip, node, formatCidr(block.cidr), owner, allocationType(keys), allocatedTo(keys)]);
      }
    });
  }
  return { header: HEADER, rows, withoutNode };
}

export function borrowedText(table: BorrowedTable): string {
  const note = `\nNote: found ${table.withoutNode} IP allocations without an explicit node association. Unable to determine if they are borrowed.\n`;
  return goPrettyTable(table) + (table.withoutNode > 0 ? note : "");
}

function allocationType(keys: Readonly<Record<string, string>>): string {
  if (keys["vmi-name"]) return "vmi";
  return keys["pod"] ? "pod" : (keys["type"] ?? "");
}

function allocatedTo(keys: Readonly<Record<string, string>>): string {
  const name = keys["vmi-name"] || keys["pod"];
  return name ? `${keys["namespace"] ?? ""}/${name}` : "";
}
