import type { Block } from "@/lib/contract/blocks.ts";
import type { Column } from "../ui/column.ts";
import { Age, Count, CountOf, Mono, Unknown } from "../ui/value.tsx";
import { UtilisationBar } from "../ui/utilisation-bar.tsx";
import classes from "./block-columns.module.css";
import { affinityWord, blockSegments } from "./block-words.ts";

/** A column of counts; its id is the block's field. */
function counted(id: "reserved" | "cooling" | "free" | "lent", header: string, width: number): Column<Block> {
  return {
    id,
    header,
    width,
    align: "end",
    value: (block) => block[id],
    cell: ({ [id]: value }) => (value === null ? <Unknown /> : <Count value={value} />),
  };
}

/** The blocks of a pool. Ids are the fields the server sorts by. */
export const blockColumns: readonly Column<Block>[] = [
  {
    id: "cidr",
    header: "Block",
    width: 180,
    value: (block) => block.cidr,
    cell: (block) => <Mono>{block.cidr}</Mono>,
  },
  {
    id: "node",
    header: "Node",
    width: 140,
    value: (block) => block.node,
    cell: (block) =>
      block.node === null ? <span className={classes.quiet}>no owner</span> : <Mono>{block.node}</Mono>,
  },
  {
    id: "used",
    header: "In use",
    width: 240,
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
  { id: "affinity", header: "Affinity", width: 130, value: affinityWord, optional: true },
  counted("reserved", "Reserved", 86),
  counted("cooling", "Cooling", 80),
  counted("free", "Free", 66),
  counted("lent", "Lent", 66),
  {
    id: "claimedAt",
    header: "Claimed",
    width: 86,
    align: "end",
    value: (block) => block.claimedAt,
    cell: (block) => <Age since={block.claimedAt} />,
  },
];
