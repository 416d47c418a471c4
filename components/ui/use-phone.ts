"use client";
import { useMediaQuery } from "@mantine/hooks";

/** Below 700 px: tables become two-line rows. False on the server. */
export function usePhone(): boolean {
  return useMediaQuery("(max-width: 699px)") ?? false;
}
