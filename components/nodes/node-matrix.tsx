"use client";
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo } from "react";
import type { Node } from "@/lib/contract/nodes.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { RampKey } from "../pool-map/block-strip.tsx";
import { useShot } from "../shot/use-shot.ts";
import { countText } from "../ui/count.ts";
import { plural } from "../pools/pool-words.ts";
import { Figure } from "../ui/figure.tsx";
import type { Windowed } from "../ui/use-windowed.ts";
import { usePhone } from "../ui/use-phone.ts";
import { MatrixHead } from "./matrix-head.tsx";
import { MatrixRow } from "./matrix-row.tsx";
import { matrixColumns } from "./matrix-model.ts";
import classes from "./node-matrix.module.css";
import { useMatrixKeys } from "./use-matrix-keys.ts";

const rowHeight = 44;
const cellWidth = 100;
/** About what a letter of a node's name takes. */
const letterWidth = 7.6;
/** Beyond so many only those in sight are in the document. */
const virtualRows = 60;
const virtualColumns = 40;
/** Up to so many leave room for long names of nodes. */
const fewColumns = 5;

/** What each node has in each pool: addresses in use and blocks, the deeper the fuller its own blocks. */
export function NodeMatrix({ list }: { list: Windowed<Node> }) {
  const { rows, total, more } = list;
  const pools = useQuery(poolQueries.list()).data?.items;
  const columns = useMemo(() => matrixColumns(pools ?? [], rows), [pools, rows]);
  const unused = (pools ?? []).filter(({ blocks }) => blocks.claimed === "0").length;
  const used = columns.filter((pool) => pool !== null).length;
  const shot = useShot();
  const phone = usePhone();
  const longest = rows.reduce((most, { name }) => Math.max(most, name.length), 0);
  const roomForNames = phone ? 128 : columns.length <= fewColumns ? 400 : 208;
  const headWidth = Math.min(roomForNames, Math.max(112, longest * letterWidth + 16));

  const keys = useMatrixKeys<HTMLDivElement>({
    rows: rows.length,
    columns: columns.length,
    reveal: ({ row, column }) => {
      if (tall) down.scrollToIndex(row, { align: "auto" });
      if (wide) across.scrollToIndex(column, { align: "auto" });
    },
  });
  const tall = rows.length > virtualRows && !shot;
  const wide = columns.length > virtualColumns && !shot;
  // The rule is about a compiler that this project does not use.
  // oxlint-disable-next-line react/incompatible-library
  const down = useVirtualizer({
    count: rows.length,
    getScrollElement: () => keys.box.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollPaddingStart: rowHeight,
    enabled: tall,
  });
  // oxlint-disable-next-line react/incompatible-library
  const across = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => keys.box.current,
    estimateSize: () => cellWidth,
    overscan: 4,
    scrollPaddingStart: headWidth,
    enabled: wide,
  });
  const shownRows = tall ? down.getVirtualItems().map(({ index }) => index) : [...rows.keys()];
  const shownColumns = wide ? across.getVirtualItems().map(({ index }) => index) : [...columns.keys()];
  const pad = { before: (shownColumns[0] ?? 0) * cellWidth, after: 0 };
  pad.after = (columns.length - 1 - (shownColumns.at(-1) ?? columns.length - 1)) * cellWidth;
  const above = (shownRows[0] ?? 0) * rowHeight;
  const below = (rows.length - 1 - (shownRows.at(-1) ?? rows.length - 1)) * rowHeight;

  const last = shownRows.at(-1) ?? -1;
  useEffect(() => {
    // A picture shows the first rows and says so.
    if (!shot && last >= rows.length - 20) more();
  }, [last, rows.length, more, shot]);

  return (
    <Figure
      wide
      title="Nodes and pools"
      file="nodes-and-pools"
      summary={
        <>
          {plural(total ?? rows.length, "node")}, {plural(used, "pool")} with blocks
          {unused === 0 ? "" : `, ${countText(unused)} without`}. A cell has the addresses that the node uses
          and the blocks that it owns there; the deeper, the fuller these. A corner and B mark addresses that
          it borrows.
          {shot && total !== null && total > rows.length
            ? ` The first ${countText(rows.length)} are shown.`
            : ""}
        </>
      }
    >
      <div className={classes.legend}>
        <RampKey />
        <span className={classes.legendEntry}>
          <span className={classes.borrowKey} /> borrowed, B
        </span>
      </div>
      <div
        ref={keys.box}
        className={classes.box}
        data-tall={tall || undefined}
        style={{ "--head": `${headWidth}px` } as React.CSSProperties}
      >
        {/* The cells take the focus; their keys are handled in one place. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <table
          className={classes.table}
          aria-label="Addresses in use and blocks, by node and pool"
          aria-rowcount={(total ?? rows.length) + 1}
          aria-colcount={columns.length + 2}
          style={{ width: headWidth + (columns.length + 1) * cellWidth }}
          onFocus={keys.onFocus}
          onKeyDown={keys.onKeyDown}
        >
          <MatrixHead columns={columns} shown={shownColumns} pad={pad} cellWidth={cellWidth} />
          <tbody>
            {above > 0 ? <tr aria-hidden="true" style={{ height: above }} /> : null}
            {shownRows.map((index) => {
              const node = rows[index];
              return node === undefined ? null : (
                <MatrixRow
                  key={node.name}
                  node={node}
                  index={index}
                  columns={columns}
                  shown={shownColumns}
                  pad={pad}
                  active={keys.active.row === index ? keys.active.column : null}
                />
              );
            })}
            {below > 0 ? <tr aria-hidden="true" style={{ height: below }} /> : null}
          </tbody>
        </table>
      </div>
    </Figure>
  );
}
