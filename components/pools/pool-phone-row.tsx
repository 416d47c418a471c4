import type { Pool } from "@/lib/contract/pools.ts";
import { Glyph } from "../ui/glyph.tsx";
import { Count, Percent, Unknown } from "../ui/value.tsx";
import { UtilisationBar } from "../ui/utilisation-bar.tsx";
import { PoolName } from "./pool-name.tsx";
import classes from "./pool-phone-row.module.css";
import { PoolSwitch } from "./pool-switch.tsx";
import { poolSegments } from "./pool-usage.tsx";
import { poolLevel, poolState } from "./pool-words.ts";

/** A pool on a phone: name and switch, bar, state and percent. */
export function PoolPhoneRow({ pool }: { pool: Pool }) {
  const state = poolState(pool);
  const use = poolLevel(pool);
  const { inUse, capacity } = pool.usage;
  return (
    <div className={classes.row}>
      <div className={classes.line}>
        <PoolName pool={pool} />
        <PoolSwitch pool={pool} />
      </div>
      {use === null || capacity === null || inUse === null ? (
        <Unknown />
      ) : (
        <UtilisationBar
          segments={poolSegments(pool)}
          capacity={capacity}
          level={use.level}
          ticks={pool.thresholds}
          label={`Use of ${pool.name}`}
        />
      )}
      <div className={classes.line}>
        <span className={classes.state}>
          <Glyph shape={state.shape} tone={state.tone} /> {state.reason ?? state.word}
        </span>
        {use === null || capacity === null || inUse === null ? null : (
          <span className={classes.share}>
            <b data-level={use.level}>
              <Percent value={inUse} of={capacity} />
            </b>{" "}
            of <Count value={capacity} />
          </span>
        )}
      </div>
    </div>
  );
}
