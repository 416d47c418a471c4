"use client";
import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import classes from "./lazily.module.css";

interface Options<Props> {
  /** What stands in its place until the code is here; nothing when left out. */
  readonly waiting?: (props: Props) => React.ReactNode;
  /** It has no place in the page, as a dialog: when its code cannot be loaded, that is told in a corner. */
  readonly floats?: boolean;
}

/** A part of the page whose code is loaded when it is shown first, or before that by `prefetch`. */
type Lazy<Props> = React.ComponentType<Props> & { readonly prefetch: () => void };

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
    const [lost, setLost] = useState(false);
    useEffect(() => {
      if (Shown !== null || lost) return;
      let isGone = false;
      fetchPart().then(
        () => isGone || show(() => part),
        () => isGone || setLost(true),
      );
      return () => {
        isGone = true;
      };
    }, [Shown, lost]);
    if (Shown !== null) return <Shown {...props} />;
    if (!lost) return waiting?.(props);
    return (
      <div className={classes.lost} data-floats={floats || undefined} role="alert">
        <span>This part of the page could not be loaded.</span>
        <Button size="xs" onClick={() => setLost(false)}>
          Try again
        </Button>
      </div>
    );
  }
  return Object.assign(Part, { prefetch: () => void fetchPart().catch(() => {}) });
}

/** How long the page's own work has the line for itself, in milliseconds. */
const quietMs = 1000;

/** Loads parts ahead of their use, when the page has long been painted and the browser has nothing else to do. Give it one list. */
export function usePrefetch(parts: readonly Pick<Lazy<never>, "prefetch">[]): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 0));
      for (const part of parts) idle(() => part.prefetch());
    }, quietMs);
    return () => clearTimeout(timer);
  }, [parts]);
}
