import type { Pool } from "@/lib/contract/pools.ts";
import { BlockStrip } from "./block-strip.tsx";
import { PoolName } from "../pools/pool-name.tsx";
import { poolLevel, poolState } from "../pools/pool-words.ts";
import { Glyph } from "../ui/glyph.tsx";
import { Percent } from "../ui/value.tsx";
import classes from "./overview-phone-row.module.css";
import own from "./overview.module.css";

/** A pool on a phone: name and share, strip, state. */
export function OverviewPhoneRow({ pool }: { pool: Pool }) {
  const { shape, tone, word, reason } = poolState(pool);
  const { inUse, capacity } = pool.usage;
  return (
    <div className={classes.row}>
      <div className={classes.line}>
        <PoolName pool={pool} />
        {inUse === null || capacity === null || !pool.state.allocatable ? null : (
          <span className={own.share} data-level={poolLevel(pool)?.level}>
            <Percent value={inUse} of={capacity} />
          </span>
        )}
      </div>
      <BlockStrip pool={pool} />
      <div className={classes.state}>
        <Glyph shape={shape} tone={tone} /> {reason ?? word}
      </div>
    </div>
  );
}
