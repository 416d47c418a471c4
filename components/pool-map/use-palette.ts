"use client";
import { useComputedColorScheme } from "@mantine/core";
import { useMemo } from "react";
import { type Palette, paletteOf } from "./ink.ts";

/** The colours to draw with; a new function whenever the scheme changes. */
export function usePalette(): Palette {
  const scheme = useComputedColorScheme("light");
  return useMemo(() => paletteOf(scheme), [scheme]);
}
