import type { Metadata } from "next";
import { PodsPage } from "@/components/pods/pods-page.tsx";

export const metadata: Metadata = { title: "Pods" };

export default function Page() {
  return <PodsPage />;
}
