"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { BlockDetail } from "@/lib/contract/blocks.ts";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { blockQueries } from "@/lib/queries/blocks.ts";
import { blockKinds, blockSegments, kindRows } from "../blocks/block-words.ts";
import { UtilisationBar } from "../ui/utilisation-bar.tsx";
import { Age, CountOf, Foreign, Mono } from "../ui/value.tsx";
import type { Size } from "./camera.ts";
import classes from "./card.module.css";
import { cellOf, slotName } from "./model.ts";
import type { MapPane } from "./pane.ts";
import type { Scene, Spot } from "./scene.ts";
import { addressText, addressWords, markLabels } from "./words.ts";

const width = 300;
const height = 196;
const away = 10;

/** How long the pointer rests on a block before its details are asked for, in milliseconds. */
const restMs = 80;

interface Props {
  readonly map: PoolMap;
  readonly pane: MapPane;
  readonly scene: Scene;
  readonly spot: Spot;
  readonly size: Size;
}

/**
 * What is under the pointer: there at once with what the map knows, beside the cell and never over it; it flips to stay inside
 * the map. What only the block itself knows comes when the pointer rests.
 */
export function MapCard({ map, pane, scene, spot, size }: Props) {
  const rect = pane.rectOf(spot);
  const { cidr, name } = slotName(map, spot.row);
  const { kind, used, mark } = cellOf(map, spot.row);
  const rested = useRested();
  const { data } = useQuery({ ...blockQueries.detail(name), enabled: used !== null && rested });
  if (!rect) return null;
  const right = rect.x + rect.width + away + width <= size.width;
  const left = right ? rect.x + rect.width + away : rect.x - away - width;
  const top = Math.max(0, Math.min(rect.y - 8, size.height - height));
  const inside = spot.ordinal === null ? null : (scene.addresses?.(spot.row) ?? null);
  return (
    <div className={classes.card} style={{ left: Math.max(0, left), top }}>
      {spot.ordinal === null || !inside ? null : (
        <p className={classes.address}>
          <Mono>{addressText(map, spot.row, spot.ordinal)}</Mono>
          <Foreign>{addressWords(inside, spot.ordinal)}</Foreign>
        </p>
      )}
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
        <>
          <p className={classes.node}>{mark === null ? "\u00a0" : markLabels[mark]}</p>
          <UtilisationBar
            segments={[{ kind: "used", label: "in use", value: used }]}
            capacity={map.header.capacity}
            label={`Use of ${cidr}`}
          />
        </>
      )}
    </div>
  );
}

function useRested(): boolean {
  const [rested, setRested] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setRested(true), restMs);
    return () => clearTimeout(timer);
  }, []);
  return rested;
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
