"use client";
import { useSearchParams } from "next/navigation";

/** Whether the page is drawn for a picture (`?shot=1`): then it shows neither controls nor what the pointer does. */
export function useShot(): boolean {
  return useSearchParams().get("shot") === "1";
}
