import { VisuallyHidden } from "@mantine/core";
import Link from "next/link";
import { memo } from "react";
import type { Node } from "@/lib/contract/nodes.ts";
import { Count, Mono, Unknown } from "../ui/value.tsx";
import { Pad } from "./matrix-head.tsx";
import { cellWords, columnName, matrixCell, type MatrixCell, type MatrixColumn } from "./matrix-model.ts";
import classes from "./node-matrix.module.css";
import { placeOf } from "./use-matrix-keys.ts";

interface Props {
  readonly node: Node;
  readonly index: number;
  readonly columns: readonly MatrixColumn[];
  readonly shown: readonly number[];
  readonly pad: { readonly before: number; readonly after: number };
  /** The column of the cell that takes the focus; null: it is in another row. */
  readonly active: number | null;
}

/** A node and its cells. */
export const MatrixRow = memo(function MatrixRow({ node, index, columns, shown, pad, active }: Props) {
  return (
    <tr aria-rowindex={index + 2}>
      <th scope="row" className={classes.node}>
        <Link
          href={`/pods?${new URLSearchParams({ node: node.name }).toString()}`}
          aria-label={node.name}
          title={node.name}
        >
          <Mono>{node.name}</Mono>
        </Link>
      </th>
      <td className={classes.total}>
        {node.used === null ? <Unknown /> : <Count value={node.used} />}
        <span className={classes.blocks}>{node.blocks === null ? null : blockWords(node.blocks)}</span>
      </td>
      <Pad width={pad.before} />
      {shown.map((column) => (
        <td key={column} aria-colindex={column + 3} className={classes.cell}>
          <Cell
            cell={matrixCell(node, columns[column] ?? null)}
            words={`${node.name} in ${columnName(columns[column] ?? null)}`}
            place={placeOf({ row: index, column })}
            tabIndex={active === column ? 0 : -1}
          />
        </td>
      ))}
      <Pad width={pad.after} />
    </tr>
  );
}, sameRow);

/** The lists are made anew in every render, four times a second among live changes; what they say seldom changes. */
function sameRow(one: Props, other: Props): boolean {
  return (
    one.node === other.node &&
    one.index === other.index &&
    sameColumns(one.columns, other.columns) &&
    one.active === other.active &&
    one.pad.before === other.pad.before &&
    one.pad.after === other.pad.after &&
    one.shown.length === other.shown.length
  );
}

function sameColumns(one: Props["columns"], other: Props["columns"]): boolean {
  return one === other || (one.length === other.length && one.every((pool, index) => pool === other[index]));
}

interface CellProps {
  readonly cell: MatrixCell;
  /** Whose cell it is, in words. */
  readonly words: string;
  readonly place: string;
  readonly tabIndex: 0 | -1;
}

function Cell({ cell, words, place, tabIndex }: CellProps) {
  if (cell.kind === "unknown") {
    return (
      <span className={classes.unknown} data-place={place} tabIndex={tabIndex}>
        <Unknown />
      </span>
    );
  }
  if (cell.kind === "nothing") {
    return (
      <span className={classes.nothing} data-place={place} tabIndex={tabIndex}>
        <VisuallyHidden>nothing</VisuallyHidden>
      </span>
    );
  }
  const { share, depth, href } = cell;
  return (
    <Link
      className={classes.share}
      data-depth={depth ?? "none"}
      data-borrows={share.borrowed > 0 || undefined}
      data-place={place}
      tabIndex={tabIndex}
      href={href}
      prefetch={false}
      aria-label={`${words}: ${cellWords(share)}`}
      title={cellWords(share)}
    >
      <Count value={share.used} />
      <span className={classes.blocks}>{blockWords(share.blocks)}</span>
      {share.borrowed === 0 ? null : (
        <span className={classes.letter}>
          <Count value={share.borrowed} /> B
        </span>
      )}
    </Link>
  );
}

function blockWords(count: number): string {
  return count === 1 ? "1 block" : `${count} blocks`;
}
