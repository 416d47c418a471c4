import { useMemo, useState } from "react";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import type { ColourMode } from "./colour-scheme.ts";
import { Colourer, type Colouring } from "./colouring.ts";

/** The colours of a map that changes: only what differs from the map before is coloured. As `colour`. */
export function useColouring(map: PoolMap, wanted: ColourMode, now: number): Colouring {
  const [colourer] = useState(() => new Colourer());
  return useMemo(() => colourer.colour(map, wanted, now), [colourer, map, wanted, now]);
}
