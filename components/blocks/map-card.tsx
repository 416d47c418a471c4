"use client";
import { useQuery } from "@tanstack/react-query";
import type { BlockDetail } from "@/lib/contract/blocks.ts";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { blockQueries } from "@/lib/queries/blocks.ts";
import { Age, CountOf, Mono } from "../ui/value.tsx";
import { UtilisationBar } from "../ui/utilisation-bar.tsx";
import { blockKinds, blockSegments, kindRows } from "./block-words.ts";
import classes from "./map-card.module.css";
import { type MapLayout, place } from "./map-layout.ts";
import { cellOf, slotName } from "./map-model.ts";
import { markWords } from "./map-words.ts";

const width = 300;
const height = 190;
const away = 10;

/** What is under the pointer: opens beside the cell, never over it, and flips to stay inside the map. */
export function MapCard({ map, layout, cell }: { map: PoolMap; layout: MapLayout; cell: number }) {
  const { x, y } = place(layout, cell);
  const right = x + layout.cell + away + width <= layout.width;
  const left = right ? x + layout.cell + away : x - away - width;
  const top = Math.max(0, Math.min(y - 8, layout.height - height));
  const { cidr, name } = slotName(map, cell);
  const { kind, used, mark } = cellOf(map, cell);
  const { data } = useQuery({ ...blockQueries.detail(name), enabled: used !== null });
  return (
    <div className={classes.card} style={{ left: Math.max(0, left), top }}>
      <div className={classes.head}>
        <b>
          <Mono>{cidr}</Mono>
        </b>
        {used === null ? null : <CountOf value={used} of={map.header.capacity} />}
      </div>
      {used === null ? (
        <p className={classes.note}>
          {kind === "reserved" ? "Wholly reserved: no node claims it." : "Unclaimed: a node may claim it."}
        </p>
      ) : data ? (
        <Claimed block={data} />
      ) : (
        <p className={classes.note}>
          {mark === null ? "Reading the block" : `It ${markWords[mark]}. Reading the block`}
        </p>
      )}
    </div>
  );
}

function Claimed({ block }: { block: BlockDetail }) {
  const kinds = blockKinds(block);
  return (
    <>
      <p className={classes.node}>{block.node === null ? "No node owns it" : <Mono>{block.node}</Mono>}</p>
      <UtilisationBar
        segments={blockSegments(block, kinds)}
        capacity={block.capacity}
        label={`Use of ${block.cidr}`}
      />
      <dl className={classes.counts}>
        {kindRows(block, kinds).map(({ label, count }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
      <p className={classes.foot}>
        {block.claimedAt === null ? (
          "Claimed, nobody knows when"
        ) : (
          <>
            Claimed <Age since={block.claimedAt} suffix=" ago" />
          </>
        )}
        {block.lent > 0 ? ` · lends ${block.lent}` : ""}
        {block.oddities.length > 0 ? ` · ${block.oddities[0] ?? ""}` : ""}
      </p>
    </>
  );
}
