import type { Pool } from "@/lib/contract/pools.ts";
import type { Column } from "../ui/column.ts";
import { percentOf } from "../ui/count.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { Age, Count, CountOf, Foreign, Mono, Unknown } from "../ui/value.tsx";
import classes from "./pool-columns.module.css";
import { PoolName } from "./pool-name.tsx";
import { PoolSwitch } from "./pool-switch.tsx";
import { PoolUsage } from "./pool-usage.tsx";
import { encapsulation, owner, type Pair, poolState } from "./pool-words.ts";

function big(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}

function count(value: string | null) {
  return value === null ? <Unknown /> : <Count value={value} />;
}

function TwoLines({ pair }: { pair: Pair }) {
  return (
    <span className={classes.two}>
      <span>{pair.title}</span>
      {pair.detail === null ? null : (
        <span className={classes.second}>
          <Foreign>{pair.detail}</Foreign>
        </span>
      )}
    </span>
  );
}

function inUseShare({ usage }: Pool): number | null {
  return usage.inUse === null || usage.capacity === null ? null : percentOf(usage.inUse, usage.capacity);
}

const yesNo = (value: boolean) => (value ? "Yes" : "No");

/** Everything the pools table can show; those marked optional only when chosen. */
export const poolColumns: readonly Column<Pool>[] = [
  {
    id: "name",
    header: "Pool",
    value: (pool) => pool.name,
    cell: (pool) => <PoolName pool={pool} />,
    width: 150,
  },
  {
    id: "cidr",
    header: "CIDR",
    value: (pool) => pool.cidr,
    cell: (pool) => <Mono>{pool.cidr}</Mono>,
    width: 170,
    optional: true,
  },
  { id: "family", header: "Family", value: (pool) => `IPv${pool.family}`, width: 80, optional: true },
  { id: "use", header: "In use", value: inUseShare, cell: (pool) => <PoolUsage pool={pool} />, width: 232 },
  {
    id: "used",
    header: "Addresses in use",
    value: (pool) => big(pool.usage.inUse),
    cell: (pool) => count(pool.usage.inUse),
    align: "end",
    width: 130,
    optional: true,
  },
  {
    id: "reserved",
    header: "Reserved",
    value: (pool) => big(pool.usage.reserved),
    cell: (pool) => count(pool.usage.reserved),
    align: "end",
    width: 90,
    optional: true,
  },
  {
    id: "cooling",
    header: "Cooling",
    value: (pool) => big(pool.usage.cooling),
    cell: (pool) => count(pool.usage.cooling),
    align: "end",
    width: 90,
    optional: true,
  },
  {
    id: "borrowed",
    header: "Borrowed",
    value: (pool) => big(pool.usage.borrowed),
    cell: (pool) => count(pool.usage.borrowed),
    align: "end",
    width: 90,
    optional: true,
  },
  {
    id: "free",
    header: "Free",
    value: (pool) => big(pool.usage.free),
    cell: (pool) => count(pool.usage.free),
    align: "end",
    width: 80,
  },
  {
    id: "blocks",
    header: "Blocks claimed",
    value: (pool) => big(pool.blocks.claimed),
    cell: Blocks,
    align: "end",
    width: 120,
  },
  {
    id: "left",
    header: "Blocks left",
    value: (pool) => big(pool.blocks.left),
    cell: (pool) => count(pool.blocks.left),
    align: "end",
    width: 96,
    optional: true,
  },
  {
    id: "encapsulation",
    header: "Encapsulation, NAT",
    value: (pool) => {
      const { title, detail } = encapsulation(pool);
      return `${title} ${detail ?? ""}`;
    },
    cell: (pool) => <TwoLines pair={encapsulation(pool)} />,
    width: 148,
  },
  {
    id: "bgp",
    header: "BGP export",
    value: (pool) => yesNo(!pool.disableBGPExport),
    width: 96,
    optional: true,
  },
  {
    id: "blockSize",
    header: "Block size",
    value: (pool) => pool.blockSize,
    cell: (pool) => `/${pool.blockSize}`,
    align: "end",
    width: 90,
    optional: true,
  },
  {
    id: "nodeSelector",
    header: "Node selector",
    value: (pool) => pool.nodeSelector,
    cell: (pool) => <Mono wrap>{pool.nodeSelector}</Mono>,
    width: 180,
    optional: true,
  },
  {
    id: "namespaceSelector",
    header: "Namespace selector",
    value: (pool) => pool.namespaceSelector ?? "every namespace",
    cell: (pool) =>
      pool.namespaceSelector === null ? "every namespace" : <Mono wrap>{pool.namespaceSelector}</Mono>,
    width: 180,
    optional: true,
  },
  {
    id: "uses",
    header: "Allowed uses",
    value: (pool) => pool.allowedUses.join(", "),
    width: 140,
    optional: true,
  },
  { id: "mode", header: "Assignment", value: (pool) => pool.assignmentMode, width: 104, optional: true },
  {
    id: "tunnels",
    header: "Nodes with a tunnel",
    value: (pool) => pool.tunnelNodes,
    align: "end",
    width: 140,
    optional: true,
  },
  {
    id: "owner",
    header: "Owner",
    value: (pool) => {
      const { title, detail } = owner(pool);
      return `${title} ${detail ?? ""}`.trim();
    },
    cell: (pool) => <TwoLines pair={owner(pool)} />,
    width: 100,
  },
  {
    id: "age",
    header: "Age",
    value: (pool) => pool.createdAt,
    cell: (pool) => <Age since={pool.createdAt} />,
    align: "end",
    width: 70,
    optional: true,
  },
  {
    id: "state",
    header: "State",
    value: (pool) => {
      const { word, reason } = poolState(pool);
      return typeof reason === "string" ? `${word}: ${reason}` : word;
    },
    cell: (pool) => <StateBadge state={poolState(pool)} />,
  },
  {
    id: "switch",
    header: "New addresses",
    value: () => null,
    cell: (pool) => <PoolSwitch pool={pool} />,
    align: "end",
    width: 100,
    sortable: false,
    exported: false,
  },
];

function Blocks({ blocks }: Pool) {
  return blocks.claimed === null || blocks.possible === null ? (
    <Unknown />
  ) : (
    <CountOf value={blocks.claimed} of={blocks.possible} />
  );
}
