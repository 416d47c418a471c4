"use client";
import { ActionIcon } from "@mantine/core";
import { useEffect, useRef } from "react";
import { CloseIcon } from "./icons.tsx";
import classes from "./side-panel.module.css";

interface Props {
  /** What is shown, for the accessible name: “Block 10.64.0.0/26”. */
  readonly label: string;
  readonly eyebrow: React.ReactNode;
  readonly onClose: () => void;
  /** Previous and next. */
  readonly nav?: React.ReactNode;
  readonly children: React.ReactNode;
}

/**
 * A panel at the right, 540 px, that leaves the page visible and usable: it neither traps focus nor dims (the kit's
 * Drawer always claims to be modal). It takes the focus when it opens; Esc closes it and gives the focus back.
 */
export function SidePanel({ label, eyebrow, onClose, nav, children }: Props) {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    // The key handler serves the controls inside.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={panel}
      className={classes.panel}
      role="dialog"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) {
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <div className={classes.head}>
        <span className={classes.eyebrow}>{eyebrow}</span>
        <div className={classes.nav}>
          {nav}
          <ActionIcon variant="subtle" color="gray" aria-label="Close" onClick={onClose}>
            <CloseIcon />
          </ActionIcon>
        </div>
      </div>
      <div className={classes.body}>{children}</div>
    </div>
  );
}
