"use client";
import { SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import classes from "./filter-bar.module.css";
import { SearchIcon } from "./icons.tsx";
import { useUrlState } from "./use-url-state.ts";

/** The line above a table: filters left, legend and tools right. */
export function FilterBar({ children, tools }: { children: React.ReactNode; tools?: React.ReactNode }) {
  return (
    <div className={classes.bar}>
      <div className={classes.filters}>{children}</div>
      {tools === undefined ? null : <div className={classes.tools}>{tools}</div>}
    </div>
  );
}

/** Free text, kept in `?q=` (or another parameter) 120 ms after the last key. */
export function FilterText({
  label,
  placeholder,
  param = "q",
}: {
  label: string;
  placeholder: string;
  param?: string;
}) {
  const { params, set } = useUrlState();
  const stored = params.get(param) ?? "";
  const [text, setText] = useState(stored);
  const sent = useRef(stored);
  const send = useDebouncedCallback((value: string) => {
    sent.current = value;
    set({ [param]: value });
  }, 120);
  useEffect(() => {
    // Changed by somebody else: a link, the back button.
    if (stored === sent.current) return;
    sent.current = stored;
    setText(stored);
  }, [stored]);
  return (
    <TextInput
      className={classes.search}
      type="search"
      aria-label={label}
      placeholder={placeholder}
      leftSection={<SearchIcon />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        send(event.currentTarget.value);
      }}
    />
  );
}

export interface SegmentOption {
  readonly value: string;
  readonly label: string;
  readonly count?: number | string | null;
}

/** One choice of a few, each with its count. */
export function Segments({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly SegmentOption[];
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <SegmentedControl
      aria-label={label}
      value={value}
      onChange={onChange}
      data={options.map((option) => ({
        value: option.value,
        label: (
          <>
            {option.label}
            {option.count === undefined || option.count === null ? null : (
              <span className={classes.count}> {option.count}</span>
            )}
          </>
        ),
      }))}
    />
  );
}
