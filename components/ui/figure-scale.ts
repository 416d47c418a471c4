"use client";
import { createContext, useContext } from "react";

const ExportScale = createContext(1);
export const ExportScaleProvider = ExportScale.Provider;

/**
 * Device pixels a CSS pixel that a picture of the figure around needs: 1 on the screen, 2 while a picture is taken. A canvas
 * draws at `Math.max(window.devicePixelRatio, useExportScale())`; one that draws only what is in the window draws all of itself
 * while this is above 1, without hover. Whatever draws later than in its effects says so with `usePainting`.
 */
export function useExportScale(): number {
  return useContext(ExportScale);
}
