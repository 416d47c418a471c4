"use client";
import { Button } from "@mantine/core";
import { SidePanel } from "../ui/side-panel.tsx";
import { Foreign, Mono } from "../ui/value.tsx";
import classes from "./block-drawer.module.css";

export interface BlockPanelProps {
  readonly cidr: string;
  readonly pool: string;
  /** To the claimed block before and after it; null at the end of the pool. */
  readonly onPrevious: (() => void) | null;
  readonly onNext: (() => void) | null;
  readonly onClose: () => void;
}

interface Props extends BlockPanelProps {
  /** Beside the name. */
  readonly aside: React.ReactNode;
  readonly children: React.ReactNode;
}

/** The panel of one block, claimed or not. */
export function BlockPanel({ cidr, pool, onPrevious, onNext, onClose, aside, children }: Props) {
  return (
    <SidePanel
      label={`Block ${cidr}`}
      eyebrow={
        <>
          Block in <Foreign>{pool}</Foreign>
        </>
      }
      onClose={onClose}
      nav={
        <>
          <Button size="xs" variant="subtle" disabled={onPrevious === null} onClick={onPrevious ?? undefined}>
            Previous
          </Button>
          <Button size="xs" variant="subtle" disabled={onNext === null} onClick={onNext ?? undefined}>
            Next
          </Button>
        </>
      }
    >
      <div className={classes.title}>
        <h2>
          <Mono>{cidr}</Mono>
        </h2>
        {aside === null ? null : <span>{aside}</span>}
      </div>
      {children}
    </SidePanel>
  );
}
