"use client";
import { useCallback, useMemo } from "react";
import { type Column, formatSort, parseSort, type Sort } from "./column.ts";
import { lazily, usePrefetch } from "./lazily.tsx";
import { PopoverStub, StubButton } from "./popover-stub.tsx";
import classes from "./table-tools.module.css";
import { useUrlState } from "./use-url-state.ts";

/** The sort of a table, kept in `?sort=`; `fallback` is not written. */
export function useSort<Row>(columns: readonly Column<Row>[], fallback: Sort) {
  const { params, set } = useUrlState();
  const text = params.get("sort");
  const { id, desc } = parseSort(text, columns) ?? fallback;
  const sort = useMemo(() => ({ id, desc }), [id, desc]);
  const onSort = useCallback(
    (next: Sort) =>
      set({ sort: next.id === fallback.id && next.desc === fallback.desc ? null : formatSort(next) }),
    [set, fallback.id, fallback.desc],
  );
  return { sort, onSort };
}

/**
 * Which columns are shown, kept in `?columns=` as the difference to the normal set: `-nat,labels` hides one and shows another.
 */
export function useColumns<Row>(columns: readonly Column<Row>[]) {
  const { params, set } = useUrlState();
  const text = params.get("columns") ?? "";
  const visibility = useMemo(() => {
    const change = new Map(
      text.split(",").map((part) => (part.startsWith("-") ? [part.slice(1), false] : [part, true])),
    );
    return Object.fromEntries(
      columns.map((column) => [column.id, change.get(column.id) ?? !column.optional]),
    );
  }, [columns, text]);
  const toggle = (id: string, shown: boolean) => {
    const next = { ...visibility, [id]: shown };
    const parts = columns
      .filter((column) => next[column.id] === (column.optional ?? false))
      .map((column) => (column.optional ? column.id : `-${column.id}`));
    set({ columns: parts.join(",") });
  };
  return { visibility, toggle, reset: () => set({ columns: null }) };
}

interface ChooserProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly chosen: ReturnType<typeof useColumns<Row>>;
}

const label = { label: "Columns", className: classes.columns };
const Choices = lazily<ChooserProps<never>>(
  async () => (await import("./column-choices.tsx")).ColumnChoices,
  {
    waiting: () => <StubButton {...label} />,
  },
);
const choices = [Choices];

/** “Columns”: which to show. The first stays. */
export function ColumnChooser<Row>({ columns, chosen }: ChooserProps<Row>) {
  usePrefetch(choices);
  return (
    <PopoverStub {...label}>
      <Choices columns={columns} chosen={chosen} />
    </PopoverStub>
  );
}
