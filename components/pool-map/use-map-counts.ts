import { useMemo, useState } from "react";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { MapCounter, type MapCounts } from "./counts.ts";

/** What is counted of a map that changes. */
export function useMapCounts(map: PoolMap): MapCounts {
  const [counter] = useState(() => new MapCounter());
  return useMemo(() => counter.of(map), [counter, map]);
}
