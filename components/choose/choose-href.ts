import type { Asked } from "@/lib/queries/choose.ts";

/** The page that explains the choice; what is empty is left open there. */
export function chooseHref(asked: Partial<Asked>): string {
  const entries = Object.entries(asked).filter(([, value]) => value !== "");
  return `/choose?${new URLSearchParams(entries).toString()}`;
}
