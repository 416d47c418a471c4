"use client";
import { useMemo, useRef } from "react";
import type { BlockDetail } from "@/lib/contract/blocks.ts";
import {
  addressCells,
  type AddressCell,
  type AddressLook,
  gridColumns,
  shortAddress,
} from "./address-cells.ts";
import classes from "./address-grid.module.css";

interface Props {
  readonly block: BlockDetail;
  readonly selected: string | null;
  readonly onSelect: (ip: string) => void;
}

/** Every address of a block by colour, pattern and letter. One tab stop; arrows move through it. */
export function AddressGrid({ block, selected, onSelect }: Props) {
  const cells = useMemo(() => addressCells(block), [block]);
  const columns = gridColumns(block.capacity);
  const buttons = useRef(new Map<number, HTMLButtonElement>());
  const active = Math.max(
    0,
    cells.findIndex((cell) => cell.ip === selected),
  );
  const rows = Array.from({ length: Math.ceil(cells.length / columns) }, (_unused, row) => row);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const from = Number((event.target as HTMLElement).dataset["index"] ?? active);
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    buttons.current.get(from + step)?.focus();
  };
  return (
    // The cells take the focus; their arrow keys are handled in one place.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className={classes.grid}
      data-columns={columns}
      role="group"
      aria-label={`Addresses of ${block.cidr}`}
      onKeyDown={onKeyDown}
    >
      {rows.map((row) => (
        <div key={row} className={classes.row}>
          <span className={classes.label} aria-hidden="true">
            {rowLabel(cells[row * columns])}
          </span>
          {cells.slice(row * columns, (row + 1) * columns).map((cell, column) => {
            const index = row * columns + column;
            return (
              <button
                key={cell.ip}
                ref={(node) => {
                  if (node) buttons.current.set(index, node);
                  else buttons.current.delete(index);
                }}
                type="button"
                className={classes.cell}
                data-look={cell.look}
                data-borrowed={cell.borrowed || undefined}
                data-index={index}
                aria-label={`${cell.ip}, ${cell.words}`}
                aria-pressed={cell.ip === selected}
                tabIndex={index === active ? 0 : -1}
                onClick={() => onSelect(cell.ip)}
              >
                {columns === 32 ? null : <span className={classes.number}>{shortAddress(cell.ip)}</span>}
                {columns === 8 && cell.letter !== "" ? (
                  <span className={classes.letter}>{cell.letter}</span>
                ) : null}
              </button>
            );
          })}
        </div>
      ))}
      <GridLegend cells={cells} />
    </div>
  );
}

function rowLabel(cell: AddressCell | undefined): string {
  if (cell === undefined) return "";
  return cell.ip.includes(":") ? `:${shortAddress(cell.ip)}` : `.${shortAddress(cell.ip)}`;
}

const looks: readonly (readonly [AddressLook | "borrowed", string])[] = [
  ["used", "In use"],
  ["tunnel", "Tunnel"],
  ["borrowed", "Borrowed"],
  ["cooling", "Cooling"],
  ["leak", "Leak candidate"],
  ["reserved", "Reserved"],
  ["free", "Free"],
  ["unknown", "Unknown"],
];

function GridLegend({ cells }: { cells: readonly AddressCell[] }) {
  return (
    <ul className={classes.legend}>
      {looks.map(([look, label]) => {
        const count =
          look === "borrowed"
            ? cells.filter((cell) => cell.borrowed).length
            : cells.filter((cell) => cell.look === look && !(look === "used" && cell.borrowed)).length;
        return count === 0 ? null : (
          <li key={look}>
            <span
              className={classes.key}
              data-look={look === "borrowed" ? "used" : look}
              data-borrowed={look === "borrowed" || undefined}
            />
            {label} <b>{count}</b>
          </li>
        );
      })}
    </ul>
  );
}
