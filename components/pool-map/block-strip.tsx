"use client";
import { useElementSize } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import type { Pool } from "@/lib/contract/pools.ts";
import { poolMapQueries } from "@/lib/queries/pool-map.ts";
import { countText } from "../ui/count.ts";
import { Count } from "../ui/value.tsx";
import classes from "./block-strip.module.css";
import { colour } from "./colouring.ts";
import { smallestCell } from "./geometry.ts";
import { type Ink, inkOf } from "./ink.ts";
import { markOf } from "./model.ts";
import { paintCell, paintMark } from "./paint-cell.ts";
import { usePalette } from "./use-palette.ts";
import { stripColumns } from "./strip-model.ts";

const height = 18;

/** The blocks of a pool in one line, lowest address first: cells while they are wide enough, else one colour a pixel. */
export function BlockStrip({ pool }: { pool: Pool }) {
  const { data: map, error } = useQuery(poolMapQueries.map(pool.name));
  const { claimed, possible } = pool.blocks;
  if (map === undefined) {
    return error === null ? (
      <div className={classes.strip} />
    ) : (
      <p className={classes.many}>
        <span>unknown</span>
      </p>
    );
  }
  if (map.slot !== null) {
    return (
      <p className={classes.many}>
        <span>
          <Count value={claimed ?? map.header.rows} /> {claimed === "1" ? "block" : "blocks"} claimed of{" "}
          <Count value={map.header.possible} />, too many to draw
        </span>
      </p>
    );
  }
  const label =
    claimed === null || possible === null
      ? `Blocks of ${pool.name}`
      : `Blocks of ${pool.name}: ${countText(claimed)} of ${countText(possible)} claimed`;
  return <Strip map={map} label={label} />;
}

function Strip({ map, label }: { map: PoolMap; label: string }) {
  const palette = usePalette();
  const { ref, width } = useElementSize();
  const canvas = useRef<HTMLCanvasElement>(null);
  const columns = useMemo(
    () => (width > 0 && width / map.header.rows < smallestCell ? stripColumns(map, width) : null),
    [map, width],
  );
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context || width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    element.width = width * ratio;
    element.height = height * ratio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const ink = inkOf(context, palette, ratio);
    if (columns === null) paintCells(ink, map, width);
    else paintColumns(ink, columns);
  }, [map, width, columns, palette]);
  return (
    <div ref={ref} className={classes.strip} role="img" aria-label={label}>
      <canvas ref={canvas} className={classes.canvas} style={{ width, height }} />
    </div>
  );
}

function paintCells(ink: Ink, map: PoolMap, width: number): void {
  const { rows } = map.header;
  const gap = width / rows >= 12 ? 2 : 1;
  const { classes: colours, keys } = colour(map, "use", 0);
  for (let row = 0; row < rows; row += 1) {
    const x = Math.round((row * width) / rows);
    const side = Math.round(((row + 1) * width) / rows) - x - gap;
    const key = keys[colours[row] ?? 0];
    if (!key) continue;
    paintCell(ink, key, { x, y: 0, width: side, height });
    // Of the marks, only what a pool lends matters from so far away.
    if (markOf(map.flags[row] ?? 0) === "lends") {
      paintMark(ink, "lends", { x: x + side - height, y: 0, width: height, height });
    }
  }
}

function paintColumns(ink: Ink, columns: ReturnType<typeof stripColumns>): void {
  const { context, palette } = ink;
  columns.forEach((column, x) => {
    if (column === "unclaimed") {
      if (x % 8 !== 4) return;
      context.fillStyle = palette("line2");
      context.fillRect(x - 1, height / 2 - 1, 2, 2);
      return;
    }
    context.fillStyle = column === "reserved" ? ink.hatch : palette(`depth-${column}`);
    context.fillRect(x, 0, 1, height);
  });
}

/** The ramp of a block's use, small, for a head. */
export function RampKey() {
  return (
    <span className={classes.key}>
      0
      <span className={classes.ramp} aria-hidden="true">
        {[0, 1, 2, 3, 4, 5].map((depth) => (
          <span key={depth} data-depth={depth} />
        ))}
      </span>
      full
    </span>
  );
}
