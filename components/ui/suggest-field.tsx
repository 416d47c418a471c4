"use client";
import { Autocomplete } from "@mantine/core";

interface Props {
  readonly label: string;
  readonly hint: string;
  readonly className?: string | undefined;
  /** What is offered, filtered by the server already. */
  readonly options: readonly string[];
  readonly text: string;
  readonly onText: (text: string) => void;
  /** What was taken last. */
  readonly value: string;
  readonly onTake: (value: string) => void;
}

/** A text with suggestions from the server: Enter, choosing one, or leaving the field takes what is written. */
export function SuggestField({ label, hint, className, options, text, onText, value, onTake }: Props) {
  const take = (next: string) => {
    if (next.trim() !== value) onTake(next.trim());
  };
  return (
    <Autocomplete
      {...(className === undefined ? {} : { className })}
      label={label}
      placeholder={hint}
      data={[...options]}
      filter={({ options: all }) => all}
      value={text}
      onChange={onText}
      onOptionSubmit={take}
      onBlur={() => take(text)}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !event.defaultPrevented) take(text);
      }}
      spellCheck={false}
      autoComplete="off"
    />
  );
}
