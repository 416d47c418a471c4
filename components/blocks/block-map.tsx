"use client";
import { useElementSize, useMergedRef } from "@mantine/hooks";
import { useEffect, useMemo, useRef, useState } from "react";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { usePhone } from "../ui/use-phone.ts";
import classes from "./block-map.module.css";
import { MapCard } from "./map-card.tsx";
import { cellWords } from "./map-words.ts";
import { columnLabels, rowLabel, scaleWords } from "./map-labels.ts";
import { cellAt, indexAt, layOut, type MapLayout, neighbour, offset, place } from "./map-layout.ts";
import type { LegendKey } from "./map-model.ts";
import { paintMap } from "./map-paint.ts";
import { usePageWindow } from "./use-page-window.ts";
import { usePalette } from "./use-palette.ts";

interface Props {
  readonly map: PoolMap;
  /** Row of the selected block, or null. */
  readonly selected: number | null;
  readonly onOpen: (row: number) => void;
  readonly onEscape: () => void;
  /** Only cells of this key keep their strength. */
  readonly only: LegendKey | null;
}

/** How long the pointer rests before the card opens, in milliseconds. */
const restMs = 80;

/**
 * A pool as cells, one a block, in address order. Drawn on a canvas that holds only what is in the window. Arrows move a
 * cursor, Enter opens the block under it, Esc closes; the live text says what is under it, the table below has it all.
 */
export function BlockMap({ map, selected, onOpen, onEscape, only }: Props) {
  const phone = usePhone();
  const palette = usePalette();
  const box = useElementSize();
  const body = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const layout = useMemo(
    () => layOut(map.header.rows, box.width, phone),
    [map.header.rows, box.width, phone],
  );
  const shown = usePageWindow(body, layout.height);
  const [hover, setHover] = useState<number | null>(null);
  const [card, setCard] = useState<number | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const marked = cursor ?? selected;

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context || layout.width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    element.width = layout.width * ratio;
    element.height = (shown.bottom - shown.top) * ratio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintMap(context, { map, layout, palette, only, top: shown.top, bottom: shown.bottom });
  }, [map, layout, palette, only, shown]);
  useEffect(() => () => clearTimeout(rest.current), []);

  const point = (event: React.PointerEvent | React.MouseEvent) => {
    const rectangle = body.current?.getBoundingClientRect();
    return rectangle ? cellAt(layout, event.clientX - rectangle.left, event.clientY - rectangle.top) : null;
  };
  const enter = (cell: number | null) => {
    if (cell === hover) return;
    setHover(cell);
    setCard(null);
    clearTimeout(rest.current);
    if (cell !== null) rest.current = setTimeout(() => setCard(cell), restMs);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const from = marked ?? 0;
    if (event.key === "Enter" || event.key === " ") onOpen(from);
    else if (event.key === "Escape") {
      setCursor(null);
      onEscape();
    } else {
      const next = neighbour(layout, from, event.key);
      if (next === null) return;
      setCursor(marked === null ? from : next);
    }
    event.preventDefault();
  };
  const labelled = hover ?? marked;
  return (
    <div className={classes.map} data-long={map.header.cidr.includes(":") || undefined}>
      <p className={classes.scale}>{scaleWords(map, layout)}</p>
      <div className={classes.frame}>
        <RowLabels map={map} layout={layout} from={shown.top} to={shown.bottom} bold={labelled} />
        <div className={classes.cells} ref={useMergedRef(box.ref)}>
          <ColumnLabels map={map} layout={layout} bold={labelled} />
          {/* A canvas has no parts; the keys move a cursor over it and the live text reads it. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
          <div
            ref={body}
            className={classes.body}
            style={{ width: layout.width, height: layout.height }}
            role="application"
            aria-roledescription="block map"
            aria-label={`Block map of ${map.header.pool}, ${layout.count} blocks. Arrows move, Enter opens the block.`}
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
            onKeyDown={onKeyDown}
            onBlur={() => setCursor(null)}
            onPointerMove={(event) => enter(point(event))}
            onPointerLeave={() => enter(null)}
            onClick={(event) => {
              const cell = point(event);
              if (cell === null) return;
              setCursor(null);
              onOpen(cell);
            }}
          >
            <canvas
              ref={canvas}
              className={classes.canvas}
              style={{ top: shown.top, width: layout.width, height: shown.bottom - shown.top }}
            />
            {marked === null ? null : <Ring layout={layout} cell={marked} />}
            {card === null || phone ? null : <MapCard key={card} map={map} layout={layout} cell={card} />}
          </div>
        </div>
      </div>
      <p className={classes.spoken} aria-live="polite">
        {cursor === null ? "" : cellWords(map, cursor)}
      </p>
    </div>
  );
}

function Ring({ layout, cell }: { layout: MapLayout; cell: number }) {
  const { x, y } = place(layout, cell);
  return (
    <div
      className={classes.ring}
      style={{ left: x - 3, top: y - 3, width: layout.cell + 6, height: layout.cell + 6 }}
    />
  );
}

/** Labels stand at least 13 px apart, so that they do not touch. */
const labelStep = 13;

function RowLabels({
  map,
  layout,
  from,
  to,
  bold,
}: {
  map: PoolMap;
  layout: MapLayout;
  from: number;
  to: number;
  bold: number | null;
}) {
  if (layout.rows === 0) return <div className={classes.rowLabels} />;
  const every = Math.max(1, Math.ceil(labelStep / (layout.cell + 2)));
  const first = indexAt(layout, from);
  const last = Math.min(layout.rows - 1, indexAt(layout, to));
  const boldRow = bold === null ? -1 : Math.floor(bold / layout.columns);
  const rows = Array.from({ length: last - first + 1 }, (_unused, index) => first + index);
  return (
    <div className={classes.rowLabels} style={{ height: layout.height }} aria-hidden="true">
      {rows
        .filter((row) => row % every === 0 || row === boldRow)
        .map((row) => (
          <span
            key={row}
            data-bold={row === boldRow || undefined}
            style={{ top: offset(layout, row) + layout.cell / 2 }}
          >
            {rowLabel(map, layout, row)}
          </span>
        ))}
    </div>
  );
}

function ColumnLabels({ map, layout, bold }: { map: PoolMap; layout: MapLayout; bold: number | null }) {
  const labels = useMemo(() => columnLabels(map, layout), [map, layout]);
  const column = bold === null ? -1 : bold % layout.columns;
  const current = labels.findLast((label) => label.column <= column);
  return (
    <div className={classes.columnLabels} aria-hidden="true">
      {labels.map((label) => (
        <span
          key={label.column}
          data-bold={label === current || undefined}
          style={{ left: offset(layout, label.column) }}
        >
          {label.text}
        </span>
      ))}
    </div>
  );
}
