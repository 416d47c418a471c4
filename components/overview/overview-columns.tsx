import type { Pool } from "@/lib/contract/pools.ts";
import { BlockStrip, RampKey } from "./block-strip.tsx";
import { nodesFit } from "../pools/nodes-fit.ts";
import { PoolName } from "../pools/pool-name.tsx";
import { poolLevel, poolState } from "../pools/pool-words.ts";
import type { Column } from "../ui/column.ts";
import { Glyph } from "../ui/glyph.tsx";
import { Count, Foreign, NotApplicable, Percent, Unknown } from "../ui/value.tsx";
import classes from "./overview.module.css";

function Name({ pool }: { pool: Pool }) {
  const { shape, tone } = poolState(pool);
  return (
    <span className={classes.name}>
      <Glyph shape={shape} tone={tone} />
      <PoolName pool={pool} />
    </span>
  );
}

const strip: Column<Pool> = {
  id: "blocks",
  header: "Blocks, lowest address first",
  value: (pool) => (pool.blocks.claimed === null ? null : BigInt(pool.blocks.claimed)),
  cell: (pool) => <BlockStrip pool={pool} />,
};

function Use({ usage }: Pool) {
  return usage.inUse === null || usage.capacity === null ? (
    <Unknown />
  ) : (
    <span className={classes.quiet}>
      <Count value={usage.inUse} /> of <Count value={usage.capacity} />
    </span>
  );
}

function Share(pool: Pool) {
  const { inUse, capacity } = pool.usage;
  if (inUse === null || capacity === null) return null;
  return (
    <span className={classes.share} data-level={poolLevel(pool)?.level}>
      <Percent value={inUse} of={capacity} />
    </span>
  );
}

function Left({ blocks: { left } }: Pool) {
  if (left === null) return <Unknown />;
  return (
    <span data-none={left === "0" ? "loud" : undefined} className={classes.left}>
      <Count value={left} />
    </span>
  );
}

/** Often the number of blocks left: one red is enough to say that there is none. */
function Fit(pool: Pool) {
  const fit = nodesFit(pool);
  switch (fit.kind) {
    case "any":
      return <span className={classes.quiet}>any</span>;
    case "notApplicable":
      return <NotApplicable />;
    case "unknown":
      return <Unknown />;
    case "count":
      return (
        <span data-none={fit.count === "0" ? "calm" : undefined} className={classes.left} title={fit.note}>
          <Count value={fit.count} />
        </span>
      );
  }
}

/** Pools that give addresses, with their numbers. */
export function givingColumns(count: number): readonly Column<Pool>[] {
  return [
    {
      id: "name",
      header: `Giving addresses ${count}`,
      width: 184,
      value: (pool) => pool.name,
      cell: (pool) => <Name pool={pool} />,
    },
    { ...strip, headNote: <RampKey /> },
    {
      id: "use",
      header: "In use",
      width: 150,
      align: "end",
      value: (pool) => poolLevel(pool)?.percent ?? null,
      cell: Use,
    },
    {
      id: "share",
      header: "Share",
      width: 64,
      align: "end",
      value: (pool) => poolLevel(pool)?.percent ?? null,
      cell: Share,
    },
    {
      id: "left",
      header: "Blocks left",
      width: 90,
      align: "end",
      value: (pool) => (pool.blocks.left === null ? null : BigInt(pool.blocks.left)),
      cell: Left,
    },
    {
      id: "nodes",
      header: "Nodes fit",
      width: 84,
      align: "end",
      value: (pool) => (pool.nodes.serves && pool.nodes.fit !== null ? BigInt(pool.nodes.fit) : null),
      cell: Fit,
    },
  ];
}

/** Pools that give none: the reason takes the place of the numbers. */
export function silentColumns(count: number): readonly Column<Pool>[] {
  return [
    {
      id: "name",
      header: `Giving no addresses ${count}`,
      width: 184,
      value: (pool) => pool.name,
      cell: (pool) => <Name pool={pool} />,
    },
    strip,
    {
      id: "reason",
      header: "Why",
      width: 388,
      value: (pool) => poolState(pool).word,
      cell: (pool) => {
        const { word, reason } = poolState(pool);
        return (
          <span className={classes.why}>
            {word}
            {typeof reason === "string" ? (
              <>
                : <Foreign>{reason}</Foreign>
              </>
            ) : null}
          </span>
        );
      },
    },
  ];
}
