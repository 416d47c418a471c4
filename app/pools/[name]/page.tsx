import type { Metadata } from "next";
import { decodePart } from "@/components/shell/nav.ts";
import { PoolPage } from "@/components/pools/pool-page.tsx";

interface Props {
  readonly params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodePart((await params).name) };
}

export default async function Pool({ params }: Props) {
  return <PoolPage name={decodePart((await params).name)} />;
}
