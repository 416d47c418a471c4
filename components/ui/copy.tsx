"use client";
import { Button, type ButtonProps, UnstyledButton } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import classes from "./copy.module.css";

/** Copies `text`; for two seconds the label says so. */
export function CopyButton({ text, children, ...props }: ButtonProps & { text: string; children: string }) {
  const clipboard = useClipboard();
  return (
    <Button {...props} onClick={() => clipboard.copy(text)} aria-live="polite">
      {clipboard.copied ? "Copied" : children}
    </Button>
  );
}

/** The same as a quiet underlined line, for the foot of a dialog. */
export function CopyLink({ text, children }: { text: string; children: string }) {
  const clipboard = useClipboard();
  return (
    <UnstyledButton
      data-noshot
      className={classes.link}
      onClick={() => clipboard.copy(text)}
      aria-live="polite"
    >
      {clipboard.copied ? "Copied" : children}
    </UnstyledButton>
  );
}
