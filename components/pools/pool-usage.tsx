import type { Pool } from "@/lib/contract/pools.ts";
import { Count, Percent, Unknown } from "../ui/value.tsx";
import { type Segment, UtilisationBar } from "../ui/utilisation-bar.tsx";
import { poolLevel } from "./pool-words.ts";
import classes from "./pool-usage.module.css";

/** The parts of a pool's bar, in the order they are stacked. */
export function poolSegments({ usage }: Pool): readonly Segment[] {
  const { byKind, cooling, reservedUnused } = usage;
  const tunnel = byKind.tunnel ?? "0";
  const quiet = cooling ?? "0";
  const used = BigInt(usage.inUse ?? "0") - BigInt(tunnel) - BigInt(quiet);
  return [
    { kind: "used", label: "in use", value: used },
    { kind: "tunnel", label: "tunnels", value: tunnel },
    { kind: "cooling", label: "cooling", value: quiet },
    { kind: "reserved", label: "reserved", value: reservedUnused ?? "0" },
  ];
}

/** Percent left, “used of all” right, the stacked bar below. */
export function PoolUsage({ pool }: { pool: Pool }) {
  const { inUse, capacity } = pool.usage;
  const use = poolLevel(pool);
  if (inUse === null || capacity === null || use === null) {
    const why = pool.unknown?.find((each) => each.field.startsWith("usage"))?.reason;
    return (
      <div className={classes.usage}>
        <div className={classes.line}>
          <Unknown {...(why === undefined ? {} : { reason: why })} />
          <span className={classes.quiet} title={why}>
            {why ?? "blocks are not readable"}
          </span>
        </div>
        <div className={classes.dashes} />
      </div>
    );
  }
  return (
    <div className={classes.usage}>
      <div className={classes.line}>
        <span className={classes.percent} data-level={use.level}>
          <Percent value={inUse} of={capacity} />
        </span>
        <span className={classes.quiet}>
          <Count value={inUse} /> of <Count value={capacity} />
        </span>
      </div>
      <UtilisationBar
        segments={poolSegments(pool)}
        capacity={capacity}
        level={use.level}
        ticks={pool.thresholds}
        label={`Use of ${pool.name}`}
      />
    </div>
  );
}

/** What the colours and patterns of the bars mean. */
export function UsageLegend() {
  return (
    <ul className={classes.legend} aria-label="Legend of the bars">
      {(["Pods", "Tunnels", "Cooling", "Reserved"] as const).map((name) => (
        <li key={name}>
          <span className={classes.key} data-name={name} />
          {name}
        </li>
      ))}
    </ul>
  );
}
