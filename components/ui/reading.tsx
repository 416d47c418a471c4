"use client";
import { useReading } from "@/lib/queries/use-live.ts";
import { Loading } from "./states.tsx";

/** What the server reads for the first time and how far that is, once a second; `otherwise`: said when it does not tell. */
export function useReadingWords(otherwise: string): string {
  const reading = useReading();
  return reading === null ? otherwise : `Reading ${reading}`;
}

/** In the place of what cannot be shown before it is read. */
export function Reading({ otherwise }: { otherwise: string }) {
  return <Loading what={useReadingWords(otherwise)} />;
}
