"use client";
import { Button } from "@mantine/core";
import { useState } from "react";

interface Props {
  readonly label: string;
  readonly className?: string | undefined;
  /** The same button with what floats at it; `PopoverButton` makes it. */
  readonly children: React.ReactNode;
}

/** Looks like the button of a popover and becomes it with the first click: what floats has a third of the kit under it. */
export function PopoverStub({ label, className, children }: Props) {
  const [used, setUsed] = useState(false);
  return used ? children : <StubButton label={label} className={className} onClick={() => setUsed(true)} />;
}

/** Stands there while the code of the popover is under way. */
export function StubButton({
  label,
  className,
  onClick,
}: Pick<Props, "label" | "className"> & { onClick?: () => void }) {
  return (
    <Button
      className={className}
      variant="subtle"
      aria-haspopup="dialog"
      aria-expanded={false}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}
