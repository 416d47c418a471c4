"use client";
import { Button, Popover, type PopoverProps } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

interface Props {
  readonly label: string;
  readonly className?: string | undefined;
  readonly position: NonNullable<PopoverProps["position"]>;
  /** What floats; `close` puts it away. */
  readonly children: (close: () => void) => React.ReactNode;
}

/** A button and what floats at it, open from the start: its code came with the click on a `PopoverStub`. */
export function PopoverButton({ label, className, position, children }: Props) {
  const [opened, setOpened] = useState(true);
  const button = useRef<HTMLButtonElement>(null);
  // The button that was clicked is gone, so the kit has nothing to give the focus back to.
  useEffect(() => {
    if (!opened) button.current?.focus({ preventScroll: true });
  }, [opened]);
  return (
    <Popover opened={opened} onChange={setOpened} position={position} trapFocus>
      <Popover.Target>
        <Button
          ref={button}
          className={className}
          variant="subtle"
          onClick={() => setOpened(!opened)}
          aria-expanded={opened}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label} role="dialog">
        {children(() => setOpened(false))}
      </Popover.Dropdown>
    </Popover>
  );
}
