import type { Metadata } from "next";
import { IpamPage } from "@/components/ipam/ipam-page.tsx";

export const metadata: Metadata = { title: "IPAM show" };

export default function Page() {
  return <IpamPage />;
}
