"use client";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import classes from "./choose-page.module.css";

interface Props {
  readonly family: 4 | 6;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The pod's own annotation as it would be written; Enter or leaving the field takes it. */
export function AnnotationField({ family, value, onChange }: Props) {
  const [text, setText] = useState(value);
  // A value that comes from elsewhere (a link, the way back) replaces what was written, and the field keeps the focus.
  const [taken, setTaken] = useState(value);
  if (taken !== value) {
    setTaken(value);
    setText(value);
  }
  const take = () => {
    if (text !== value) onChange(text);
  };
  return (
    <TextInput
      label={`The pod's own annotation ipv${family}pools`}
      placeholder="none"
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === "Enter") take();
      }}
      classNames={{ input: classes.mono }}
      spellCheck={false}
      autoComplete="off"
    />
  );
}
