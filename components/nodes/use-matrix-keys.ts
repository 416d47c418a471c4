"use client";
import { useEffect, useRef, useState } from "react";
import { moved, type Place } from "./matrix-model.ts";

interface Options {
  readonly rows: number;
  readonly columns: number;
  /** Brings a cell that is not in the document into it. */
  readonly reveal: (place: Place) => void;
}

/** The attribute by which a cell is found again. */
export const placeOf = ({ row, column }: Place) => `${row}:${column}`;

/** Keyboard for the cells of a table: one tab stop; arrows, Home, End and PageUp/Down move it. Enter is the cell's own. */
export function useMatrixKeys<Box extends HTMLElement>({ rows, columns, reveal }: Options) {
  const box = useRef<Box>(null);
  const [at, setAt] = useState<Place>({ row: 0, column: 0 });
  const wanted = useRef(false);
  const active = { row: Math.min(at.row, rows - 1), column: Math.min(at.column, columns - 1) };

  // A cell far away comes into the document a render or two later; until then the wish stands.
  useEffect(() => {
    if (!wanted.current) return;
    const cell = box.current?.querySelector<HTMLElement>(`[data-place="${placeOf(active)}"]`);
    if (!cell) return;
    wanted.current = false;
    cell.focus({ preventScroll: true });
    cell.closest("td")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  return {
    box,
    active,
    onFocus: (event: React.FocusEvent) => {
      const place = event.target instanceof HTMLElement ? event.target.dataset["place"] : undefined;
      const [row, column] = place?.split(":").map(Number) ?? [];
      if (row !== undefined && column !== undefined) setAt({ row, column });
    },
    onKeyDown: (event: React.KeyboardEvent) => {
      // A head or a button in it has the key.
      if (!(event.target instanceof HTMLElement) || event.target.dataset["place"] === undefined) return;
      if (event.altKey || event.metaKey) return;
      const next = moved(event.key, active, { row: rows, column: columns }, event.ctrlKey);
      if (next === null) return;
      event.preventDefault();
      wanted.current = true;
      setAt(next);
      reveal(next);
    },
  };
}
