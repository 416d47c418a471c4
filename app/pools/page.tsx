import type { Metadata } from "next";
import { PoolsPage } from "@/components/pools/pools-page.tsx";

export const metadata: Metadata = { title: "Pools" };

export default function Pools() {
  return <PoolsPage />;
}
