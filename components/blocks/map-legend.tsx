"use client";
import { UnstyledButton } from "@mantine/core";
import { useMemo } from "react";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { formatCount } from "../ui/count.ts";
import classes from "./map-legend.module.css";
import { countKeys, type LegendKey } from "./map-model.ts";
import { depthRanges, keyWords } from "./map-words.ts";

interface Props {
  readonly map: PoolMap;
  readonly only: LegendKey | null;
  readonly onOnly: (key: LegendKey | null) => void;
}

const depths = ["depth-0", "depth-1", "depth-2", "depth-3", "depth-4", "depth-5"] as const;
const marks = ["unclaimed", "reserved", "partlyReserved", "lends", "noOwner", "odd"] as const;

/** The ramp and the marks with their counts; each is a filter, a second click takes it away. */
export function MapLegend({ map, only, onOnly }: Props) {
  const counts = useMemo(() => countKeys(map), [map]);
  const ranges = depthRanges(map.header.capacity);
  const toggle = (key: LegendKey) => onOnly(only === key ? null : key);
  return (
    <div
      className={classes.legend}
      data-long={map.header.cidr.includes(":") || undefined}
      role="group"
      aria-label="Legend; each key shows only its blocks"
    >
      <div className={classes.ramp}>
        {depths.map((key, depth) =>
          ranges[depth] === "" ? null : (
            <UnstyledButton
              key={key}
              className={classes.depth}
              aria-pressed={only === key}
              aria-label={`${ranges[depth] ?? ""}${depth === 0 ? "" : " used"}: ${formatCount(counts[key])} blocks`}
              onClick={() => toggle(key)}
            >
              <span className={classes.swatch} data-key={key} />
              <b>{formatCount(counts[key])}</b>
              <span className={classes.range}>{ranges[depth]}</span>
            </UnstyledButton>
          ),
        )}
      </div>
      {marks.map((key) =>
        counts[key] === 0 && key !== "unclaimed" ? null : (
          <UnstyledButton
            key={key}
            className={classes.mark}
            aria-pressed={only === key}
            onClick={() => toggle(key)}
          >
            <span className={classes.sign} data-key={key} />
            <span>
              <b>{formatCount(counts[key])}</b>
              <span className={classes.range}>{keyWords[key]}</span>
            </span>
          </UnstyledButton>
        ),
      )}
    </div>
  );
}
