"use client";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { SuggestField } from "@/components/ui/suggest-field.tsx";
import { useWindowed, type WindowedOptions } from "@/components/ui/use-windowed.ts";
import type { Filter } from "@/lib/queries/lists.ts";
import type { Explained } from "@/lib/queries/missing.ts";

interface Props<Row> {
  readonly label: string;
  readonly hint: string;
  /** The list to choose from, searched by the server. */
  readonly list: (filter: Filter) => WindowedOptions<Row>;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Asks a list for what is offered while nothing is looked for. */
export const everyName: Filter = { q: null, sort: "name" };

/** One name out of many: type to find it, Enter or leaving the field takes what is written. */
export function NameField<Row extends Explained & { readonly name: string }>(props: Props<Row>) {
  const { label, hint, list, value, onChange } = props;
  const [text, setText] = useState(value);
  // A value that comes from elsewhere (a link, the way back) replaces what was written, and the field keeps the focus.
  const [taken, setTaken] = useState(value);
  if (taken !== value) {
    setTaken(value);
    setText(value);
  }
  const [asked] = useDebouncedValue(text, 120);
  // With a name taken, everything is offered: whoever opens the list wants another one.
  const rows = useWindowed(list(asked === value ? everyName : { ...everyName, q: asked })).rows;
  return (
    <SuggestField
      label={label}
      hint={hint}
      options={rows.slice(0, 50).map(({ name }) => name)}
      text={text}
      onText={setText}
      value={value}
      onTake={onChange}
    />
  );
}
