"use client";
import { useQuery } from "@tanstack/react-query";
import { namespaceQueries } from "@/lib/queries/namespaces.ts";
import { nodeQueries } from "@/lib/queries/nodes.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { useWindowed } from "./use-windowed.ts";

const option = ({ name }: { name: string }) => ({ value: name, label: name });

/** Names to choose from in filters: all pools; the first namespaces and nodes by name. */
export function usePoolOptions() {
  return useQuery(poolQueries.list()).data?.items?.map(option) ?? [];
}

export function useNamespaceOptions() {
  return useWindowed(namespaceQueries.list({ sort: "name" })).rows.map(option);
}

export function useNodeOptions() {
  return useWindowed(nodeQueries.list({ sort: "name" })).rows.map(option);
}
