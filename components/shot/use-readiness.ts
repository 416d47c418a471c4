"use client";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { freshness } from "@/lib/queries/freshness.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { stopClock } from "../ui/clock.ts";
import { allPainted } from "./painting.ts";

/** `waiting`: for what; `failed`: why no picture will come. */
type Readiness =
  { readonly status: "ready" } | { readonly status: "waiting" | "failed"; readonly note: string };

/** Frames in a row that find nothing under way and the page as large as before: what React and the browser had to do is done. */
const quietFrames = 3;

/**
 * Keeps the mark that a picture waits for, on the root element: `data-shot` is `waiting`, `ready` or `failed`, `data-shot-note`
 * says what for or why, `data-shot-size` for which window (`1440x900`) it is ready, and `data-shot-height` how high the picture
 * is. The clock stops with the first frame that finds nothing under way, at `clock` when that is given.
 */
export function useReadiness(picture: React.RefObject<HTMLElement | null>, clock: number | null): void {
  const client = useQueryClient();
  useEffect(() => {
    const mark = document.documentElement.dataset;
    let quiet = 0;
    let stopped = clock !== null;
    let last = "";
    let frame = requestAnimationFrame(look);
    stopClock(clock);
    function look(): void {
      frame = requestAnimationFrame(look);
      const found = readiness(client);
      const size = `${window.innerWidth}x${window.innerHeight}`;
      const height = String(Math.ceil(picture.current?.getBoundingClientRect().height ?? 0));
      const shape = `${size} ${height}`;
      quiet = found.status === "ready" && shape === last ? quiet + 1 : 0;
      last = shape;
      if (found.status === "ready" && !stopped) {
        stopped = true;
        stopClock(Date.now());
      }
      const status = found.status === "ready" && quiet < quietFrames ? "waiting" : found.status;
      if (mark["shot"] !== status) mark["shot"] = status;
      mark["shotNote"] = found.status === "ready" ? "" : found.note;
      if (status !== "ready") return;
      mark["shotSize"] = size;
      mark["shotHeight"] = height;
    }
    return () => {
      cancelAnimationFrame(frame);
      stopClock(null);
      for (const name of ["shot", "shotNote", "shotSize", "shotHeight"]) delete mark[name];
    };
  }, [client, clock, picture]);
}

function readiness(client: QueryClient): Readiness {
  for (const { state, queryKey } of client.getQueryCache().findAll({ type: "active" })) {
    const what = String(queryKey[0]);
    if (state.error !== null) {
      const { problem, passing } = toProblemError(state.error);
      const note = `${what}: ${[problem.title, problem.trouble ?? problem.detail].filter(Boolean).join(". ")}`;
      if (passing) return { status: "waiting", note };
      // What may not be read is told by the page itself, and by the stamp.
      if (!problem.permission) return { status: "failed", note };
    } else if (state.fetchStatus === "fetching" || state.data === undefined) {
      return { status: "waiting", note: `reading ${what}` };
    }
  }
  if (freshness.get().serverStale) return { status: "failed", note: "Poolboard has lost the cluster" };
  if (document.querySelector('[aria-busy="true"]'))
    return { status: "waiting", note: "loading a part of the page" };
  if (document.fonts.status !== "loaded") return { status: "waiting", note: "loading fonts" };
  if (!allPainted()) return { status: "waiting", note: "drawing" };
  return { status: "ready" };
}
