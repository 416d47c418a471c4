import type { Metadata } from "next";
import { ChoosePage } from "@/components/choose/choose-page.tsx";

export const metadata: Metadata = { title: "Pool choice" };

export default function Page() {
  return <ChoosePage />;
}
