import type { Block } from "@/lib/contract/blocks.ts";
import type { Column } from "../ui/column.ts";
import { Age, Count, CountOf, Mono, Unknown } from "../ui/value.tsx";
import { UtilisationBar } from "../ui/utilisation-bar.tsx";
import classes from "./block-columns.module.css";
import { affinityWords, blockSegments } from "./block-words.ts";

function count(value: number | null) {
  return value === null ? <Unknown /> : <Count value={value} />;
}

/** The blocks of a pool. Ids are the fields the server sorts by. */
export const blockColumns: readonly Column<Block>[] = [
  {
    id: "cidr",
    header: "Block",
    width: 190,
    value: (block) => block.cidr,
    cell: (block) => <Mono>{block.cidr}</Mono>,
  },
  {
    id: "node",
    header: "Node",
    width: 150,
    value: (block) => block.node,
    cell: (block) =>
      block.node === null ? <span className={classes.quiet}>no owner</span> : <Mono>{block.node}</Mono>,
  },
  {
    id: "used",
    header: "In use",
    width: 280,
    value: (block) => block.used,
    cell: (block) => (
      <span className={classes.use}>
        <UtilisationBar
          segments={blockSegments(block)}
          capacity={block.capacity}
          label={`Use of ${block.cidr}`}
        />
        <CountOf value={block.used} of={block.capacity} />
      </span>
    ),
  },
  { id: "affinity", header: "Affinity", width: 170, value: affinityWords, optional: true },
  {
    id: "reserved",
    header: "Reserved",
    width: 90,
    align: "end",
    value: (block) => block.reserved,
    cell: (block) => count(block.reserved),
  },
  {
    id: "cooling",
    header: "Cooling",
    width: 90,
    align: "end",
    value: (block) => block.cooling,
    cell: (block) => count(block.cooling),
  },
  {
    id: "free",
    header: "Free",
    width: 80,
    align: "end",
    value: (block) => block.free,
    cell: (block) => count(block.free),
  },
  {
    id: "lent",
    header: "Lent",
    width: 80,
    align: "end",
    value: (block) => block.lent,
    cell: (block) => count(block.lent),
  },
  {
    id: "claimedAt",
    header: "Claimed",
    width: 90,
    align: "end",
    value: (block) => block.claimedAt,
    cell: (block) => <Age since={block.claimedAt} />,
  },
];
