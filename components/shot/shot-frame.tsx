"use client";
import { useSearchParams } from "next/navigation";
import { useRef } from "react";
import classes from "./shot-frame.module.css";
import { stoppedClock } from "./shot-url.ts";
import { Stamp } from "./stamp.tsx";
import { useReadiness } from "./use-readiness.ts";

/**
 * A page as a picture: what it says and draws, with neither controls nor anything that floats, and the stamp under it. It is as
 * high as its content, or with `?fixed=1` as the window, whatever that cuts.
 */
export function ShotFrame({ children }: { children: React.ReactNode }) {
  const params = useSearchParams();
  const frame = useRef<HTMLDivElement>(null);
  useReadiness(frame, stoppedClock(params.toString()));
  return (
    <div ref={frame} className={classes.frame} data-fixed={params.get("fixed") === "1" || undefined}>
      <div className={classes.content}>{children}</div>
      <Stamp />
    </div>
  );
}
