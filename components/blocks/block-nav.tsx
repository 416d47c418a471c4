"use client";
import { Button } from "@mantine/core";

interface Props {
  /** Null at the end of the pool. */
  readonly onPrevious: (() => void) | null;
  readonly onNext: (() => void) | null;
}

/** From a block to the claimed ones before and after it. */
export function BlockNav({ onPrevious, onNext }: Props) {
  return (
    <>
      <Button size="xs" variant="subtle" disabled={onPrevious === null} onClick={onPrevious ?? undefined}>
        Previous
      </Button>
      <Button size="xs" variant="subtle" disabled={onNext === null} onClick={onNext ?? undefined}>
        Next
      </Button>
    </>
  );
}
