"use client";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef, useState } from "react";
import type { RowsProps } from "./table-rows.tsx";

/** The body of a long table: only the rows near the window are in the document. */
export function WindowedRows(props: RowsProps) {
  const {
    count,
    renderRow,
    register: registerKeys,
    onKeyDown,
    onShown,
    onReveal,
    selected,
    estimate,
  } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const firstSelected = useRef(selected);
  const [margin, setMargin] = useState(0);
  useEffect(() => {
    if (body.current) setMargin(body.current.getBoundingClientRect().top + window.scrollY);
  }, [count]);
  // The rule is about a compiler that this project does not use.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => estimate,
    overscan: 12,
    scrollMargin: margin,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  const above = first ? first.start - margin : 0;
  const below = last ? virtualizer.getTotalSize() - (last.end - margin) : 0;
  const firstIndex = first?.index ?? 0;
  const lastIndex = last?.index ?? -1;
  useEffect(() => {
    const reveal = (index: number) => virtualizer.scrollToIndex(index, { align: "auto" });
    onReveal(reveal);
    // A row that was selected before there was a way to it.
    const at = firstSelected.current;
    if (at >= 0) reveal(at);
    return () => onReveal(() => {});
  }, [onReveal, virtualizer]);
  useEffect(() => onShown(firstIndex, lastIndex), [onShown, firstIndex, lastIndex]);
  const register = useCallback(
    (index: number, node: HTMLTableRowElement | null) => {
      registerKeys(index, node);
      if (node !== null) virtualizer.measureElement(node);
    },
    [registerKeys, virtualizer],
  );
  return (
    // The rows take the focus; their keys are handled in one place.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <tbody ref={body} onKeyDown={onKeyDown}>
      {above > 0 ? <Gap height={above} /> : null}
      {items.map(({ index }) => renderRow(index, register))}
      {below > 0 ? <Gap height={below} /> : null}
    </tbody>
  );
}

function Gap({ height }: { height: number }) {
  return <tr aria-hidden="true" style={{ height }} />;
}
