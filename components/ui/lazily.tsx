"use client";
import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import classes from "./lazily.module.css";

interface Options<Props> {
  /** What stands in its place until the code is here; nothing when left out. */
  readonly waiting?: (props: Props) => React.ReactNode;
  /** It has no place in the page, as a dialog: when its code cannot be loaded, that is told in a corner. So it is where something waits. */
  readonly floats?: boolean;
}

/** A part of the page whose code is loaded when it is shown first, or before that by `prefetch`, which tells whether it is here then. */
type Lazy<Props> = React.ComponentType<Props> & { readonly prefetch: () => Promise<boolean> };

/**
 * Makes a part whose code comes when it is used: what a first view does not paint is not in it. Code that cannot be loaded is told,
 * and asked for again on a click; `next/dynamic` and `React.lazy` remember the first failure for ever.
 */
export function lazily<Props extends object>(
  load: () => Promise<React.ComponentType<Props>>,
  { waiting, floats = false }: Options<Props> = {},
): Lazy<Props> {
  let part: React.ComponentType<Props> | null = null;
  let coming: Promise<unknown> | null = null;
  const fetchPart = () =>
    (coming ??= load().then(
      (loaded) => {
        part = loaded;
      },
      (error: unknown) => {
        coming = null;
        throw error;
      },
    ));

  function Part(props: Props) {
    const [Shown, show] = useState(() => part);
    const [state, become] = useState<"coming" | "lost" | "coming again">("coming");
    useEffect(() => {
      if (Shown !== null || state === "lost") return;
      let isGone = false;
      fetchPart().then(
        () => isGone || show(() => part),
        () => isGone || become("lost"),
      );
      return () => {
        isGone = true;
      };
    }, [Shown, state]);
    if (Shown !== null) return <Shown {...props} />;
    if (state === "coming") return waiting?.(props);
    const lost = (
      <Lost
        isComing={state === "coming again"}
        floats={floats || waiting !== undefined}
        onAgain={() => become("coming again")}
      />
    );
    if (!waiting) return lost;
    // What stood in its place goes on to, and may lie where no such line can.
    return (
      <>
        {waiting(props)}
        {createPortal(lost, document.body)}
      </>
    );
  }
  const prefetch = () =>
    fetchPart().then(
      () => true,
      () => false,
    );
  return Object.assign(Part, { prefetch });
}

function Lost(props: { isComing: boolean; floats: boolean; onAgain: () => void }) {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      // It went with the button.
      const isNowhere = document.activeElement === null || document.activeElement === document.body;
      if (isNowhere && before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <div className={classes.lost} data-floats={props.floats || undefined} role="alert">
      <span>This part of the page could not be loaded.</span>
      <Button size="xs" loading={props.isComing} onClick={props.onAgain}>
        Try again
      </Button>
    </div>
  );
}

/** How long the page's own work has the line for itself, in milliseconds. */
const quietMs = 1000;

/** Loads parts ahead of their use, when the page has long been painted and the browser has nothing else to do. Give it one list. */
export function usePrefetch(parts: readonly Pick<Lazy<never>, "prefetch">[]): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 0));
      for (const part of parts) idle(() => void part.prefetch());
    }, quietMs);
    return () => clearTimeout(timer);
  }, [parts]);
}
