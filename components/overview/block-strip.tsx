"use client";
import { lazily } from "../ui/lazily.tsx";
import classes from "./overview.module.css";

/** The blocks of a pool in one line. The numbers beside it do not wait for the code that draws. */
export const BlockStrip = lazily(async () => (await import("../pool-map/block-strip.tsx")).BlockStrip, {
  waiting: () => <div className={classes.undrawn} aria-busy="true" />,
});

/** What its colours mean. */
export const RampKey = lazily(async () => (await import("../pool-map/block-strip.tsx")).RampKey);
