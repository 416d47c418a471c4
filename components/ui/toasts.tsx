"use client";
import { Button } from "@mantine/core";
import { Notifications, notifications } from "@mantine/notifications";
import { useEffect, useEffectEvent, useState, useSyncExternalStore } from "react";
import { Glyph } from "./glyph.tsx";
import { toastIsHere, type ToastOptions, toasts } from "./toast.ts";
import classes from "./toasts.module.css";
import { Foreign } from "./value.tsx";

/** Where the toasts stand. It shows what waits, also what was said before its code was here. */
export function Toasts() {
  const waiting = useSyncExternalStore(toasts.subscribe, toasts.get, toasts.get);
  useEffect(() => {
    if (waiting.length > 0) for (const options of toasts.take()) show(options);
  }, [waiting]);
  return (
    <Notifications
      position="bottom-left"
      limit={3}
      containerWidth={380}
      classNames={{ root: classes.toasts }}
    />
  );
}

function show(options: ToastOptions): void {
  const id = notifications.show({
    autoClose: false,
    withCloseButton: false,
    withBorder: false,
    classNames: { root: classes.toast },
    message: <ToastLine {...options} onClose={() => notifications.hide(id)} />,
  });
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
          ref={toastIsHere}
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
