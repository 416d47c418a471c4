"use client";
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useEffect, useEffectEvent, useState } from "react";
import { Glyph, type GlyphShape, type Tone } from "./glyph.tsx";
import classes from "./toast.module.css";
import { Foreign } from "./value.tsx";

export interface ToastOptions {
  readonly text: string;
  readonly shape?: GlyphShape;
  readonly tone?: Tone;
  readonly action?: { readonly label: string; readonly run: () => void };
  readonly seconds?: number;
  /** Shows the seconds that are left: the action goes with the toast. */
  readonly countdown?: boolean;
}

/** One line at the bottom left that goes by itself, but not under a mouse or the focus. Not for errors that need reading. */
export function showToast(options: ToastOptions): void {
  const id = notifications.show({
    autoClose: false,
    withCloseButton: false,
    withBorder: false,
    classNames: { root: classes.toast },
    message: <ToastLine {...options} onClose={() => notifications.hide(id)} />,
  });
}

/** Brings the focus to the button of the newest toast; false: there is none. */
export function focusToast(): boolean {
  const button = [...document.querySelectorAll<HTMLElement>("[data-toast-action]")].at(-1);
  button?.focus();
  return button !== undefined;
}

function ToastLine({
  text,
  shape = "ring",
  tone = "muted",
  action,
  seconds = 8,
  countdown = false,
  onClose,
}: ToastOptions & { onClose: () => void }) {
  const [left, setLeft] = useState(seconds);
  const [isHovered, setHovered] = useState(false);
  // Where the focus was before it came here; undefined: it is not here.
  const [before, setBefore] = useState<EventTarget | null>();
  const isPaused = isHovered || before !== undefined;
  useEffect(() => {
    if (isPaused) return undefined;
    const timer = setInterval(() => setLeft((now) => now - 1), 1000);
    return () => clearInterval(timer);
  }, [isPaused]);
  const close = useEffectEvent(onClose);
  useEffect(() => {
    if (left <= 0) close();
  }, [left]);
  const leave = () => {
    if (before instanceof HTMLElement && before.isConnected) before.focus();
    onClose();
  };
  return (
    <span
      className={classes.line}
      onMouseEnter={() => setHovered(true)}
      onMouseLeave={() => setHovered(false)}
      onFocus={(event) => setBefore(event.relatedTarget)}
      onBlur={() => setBefore(undefined)}
    >
      <Glyph shape={shape} tone={tone} />
      <span className={classes.text}>
        <Foreign>{text}</Foreign>
      </span>
      {countdown ? (
        // Read out once a second it would drown the rest.
        <span className={classes.left} aria-hidden="true">
          {Math.max(1, left)} s
        </span>
      ) : null}
      {action === undefined ? null : (
        <Button
          size="xs"
          data-toast-action
          aria-keyshortcuts="u"
          onKeyDown={(event) => {
            if (event.key === "Escape") leave();
          }}
          onClick={() => {
            leave();
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
    </span>
  );
}
