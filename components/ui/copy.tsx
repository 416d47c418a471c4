"use client";
import { Button, type ButtonProps } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";

/** Copies `text`; for two seconds the label says so. */
export function CopyButton({ text, children, ...props }: ButtonProps & { text: string; children: string }) {
  const clipboard = useClipboard();
  return (
    <Button {...props} onClick={() => clipboard.copy(text)} aria-live="polite">
      {clipboard.copied ? "Copied" : children}
    </Button>
  );
}
