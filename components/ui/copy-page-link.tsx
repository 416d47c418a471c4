"use client";
import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";

/**
 * “Copy link”: the address of the view as it is at the click, with its filters, sort, tab and selection. Where the browser gives
 * no clipboard, the button says so.
 */
export function CopyPageLink() {
  const { copied, error, copy } = useClipboard();
  return (
    <Button variant="subtle" onClick={() => copy(window.location.href)} aria-live="polite" data-noshot>
      {copied ? "Link copied" : error === null ? "Copy link" : "The browser does not let it copy"}
    </Button>
  );
}
