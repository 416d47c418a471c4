"use client";
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Glyph, type GlyphShape, type Tone } from "./glyph.tsx";
import classes from "./toast.module.css";

export interface ToastOptions {
  readonly text: string;
  readonly shape?: GlyphShape;
  readonly tone?: Tone;
  readonly action?: { readonly label: string; readonly run: () => void };
  readonly seconds?: number;
}

/** One line at the bottom left that goes by itself. Not for errors that need reading. */
export function showToast({ text, shape = "ring", tone = "muted", action, seconds = 8 }: ToastOptions): void {
  const id = notifications.show({
    autoClose: seconds * 1000,
    withCloseButton: false,
    withBorder: false,
    classNames: { root: classes.toast },
    message: (
      <span className={classes.line}>
        <Glyph shape={shape} tone={tone} />
        <span className={classes.text}>{text}</span>
        {action === undefined ? null : (
          <Button
            size="xs"
            onClick={() => {
              notifications.hide(id);
              action.run();
            }}
          >
            {action.label}
          </Button>
        )}
      </span>
    ),
  });
}
