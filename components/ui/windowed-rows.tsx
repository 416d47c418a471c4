"use client";
import { defaultRangeExtractor, type Range, useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef, useState } from "react";
import type { RowsProps } from "./table-rows.tsx";

/** The bar that lies over the top of the window, in pixels. */
const barHeight = 52;

/** The body of a long table: only the rows near the window are in the document, and the one that has the focus. */
export function WindowedRows(props: RowsProps) {
  const {
    count,
    renderRow,
    register: registerKeys,
    handlers,
    kept,
    onShown,
    onReveal,
    selected,
    estimate,
  } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const firstSelected = useRef(selected);
  const { top, covered } = usePlace(body);
  // The rule is about a compiler that this project does not use.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => estimate,
    overscan: 12,
    scrollMargin: top,
    scrollPaddingStart: covered,
    rangeExtractor: useCallback((range: Range) => withKept(defaultRangeExtractor(range), kept), [kept]),
  });
  const items = virtualizer.getVirtualItems();
  const first = virtualizer.range?.startIndex ?? 0;
  const last = virtualizer.range?.endIndex ?? -1;
  useEffect(() => {
    const reveal = (index: number) => virtualizer.scrollToIndex(index, { align: "auto" });
    onReveal(reveal);
    // A row that was selected before there was a way to it.
    const at = firstSelected.current;
    if (at >= 0) reveal(at);
    return () => onReveal(() => {});
  }, [onReveal, virtualizer]);
  useEffect(() => onShown(first, last), [onShown, first, last]);
  const register = useCallback(
    (index: number, node: HTMLTableRowElement | null) => {
      registerKeys(index, node);
      if (node !== null) virtualizer.measureElement(node);
    },
    [registerKeys, virtualizer],
  );
  const rows: React.ReactNode[] = [];
  let end = top;
  for (const item of items) {
    if (item.start > end) rows.push(<Gap key={`gap ${item.index}`} height={item.start - end} />);
    rows.push(renderRow(item.index, register));
    ({ end } = item);
  }
  const below = virtualizer.getTotalSize() - (end - top);
  return (
    <tbody ref={body} {...handlers}>
      {rows}
      {below > 0 ? <Gap key="below" height={below} /> : null}
    </tbody>
  );
}

function Gap({ height }: { height: number }) {
  return <tr aria-hidden="true" style={{ height }} />;
}

function withKept(indexes: number[], kept: number): number[] {
  if (kept < (indexes[0] ?? 0)) return [kept, ...indexes];
  return kept > (indexes.at(-1) ?? kept) ? [...indexes, kept] : indexes;
}

/** Where the rows begin in the page, and how much of the window's top lies under the bar and the table's head. */
function usePlace(body: React.RefObject<HTMLTableSectionElement | null>) {
  const [place, set] = useState({ top: 0, covered: barHeight });
  useEffect(() => {
    const measure = () => {
      if (body.current === null) return;
      const top = body.current.getBoundingClientRect().top + window.scrollY;
      const covered = barHeight + (body.current.closest("table")?.tHead?.offsetHeight ?? 0);
      set((now) => (now.top === top && now.covered === covered ? now : { top, covered }));
    };
    // Whatever comes, goes or grows above the rows changes the height of the page.
    const watch = new ResizeObserver(measure);
    watch.observe(document.body);
    measure();
    return () => watch.disconnect();
  }, [body]);
  return place;
}
