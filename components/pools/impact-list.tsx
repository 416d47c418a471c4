"use client";
import { TextInput, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { formatCount } from "../ui/count.ts";
import type { ImpactRow } from "./impact-groups.ts";
import classes from "./impact-rows.module.css";

/** Names longer than this get as much room as the facts. */
const LONG = 20;
/** Rows shown before the rest is asked for, and how many each further look brings. */
const FIRST = 12;
const STEP = 200;

interface Props {
  readonly rows: readonly ImpactRow[];
  /** What a row is looked for by. */
  readonly nameOf: (row: ImpactRow) => string;
  /** Names only: as many beside each other as fit. */
  readonly wrapped: boolean;
  readonly children: (row: ImpactRow) => React.ReactNode;
}

/** A list that stays readable with thousands of rows: the first of them, then the others in steps, and by name. */
export function ImpactList({ rows, nameOf, wrapped, children }: Props) {
  const [limit, setLimit] = useState(FIRST);
  const [text, setText] = useState("");
  const found = text === "" ? rows : rows.filter((row) => nameOf(row).includes(text.trim().toLowerCase()));
  const isOpen = limit > FIRST;
  const rest = found.length - limit;
  return (
    <>
      {isOpen && rows.length > STEP / 4 ? (
        <TextInput
          size="xs"
          type="search"
          aria-label="Find by name"
          placeholder={`Find one of ${formatCount(rows.length)} by name`}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      ) : null}
      <ul
        className={classes.list}
        data-open={isOpen || undefined}
        data-wrapped={wrapped || undefined}
        data-long={rows.some((row) => nameOf(row).length > LONG) || undefined}
        // Scrolled with the arrow keys.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={isOpen ? 0 : undefined}
      >
        {found.slice(0, limit).map((row, index) => (
          // Two statements may be about one subject; they are never reordered.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index}>{children(row)}</li>
        ))}
      </ul>
      {found.length === 0 ? <p>None has “{text}” in its name.</p> : null}
      {rest > 0 ? (
        <UnstyledButton className={classes.more} onClick={() => setLimit(limit + STEP)}>
          and {formatCount(rest)} more
        </UnstyledButton>
      ) : null}
    </>
  );
}
