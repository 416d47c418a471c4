"use client";
import { SidePanel } from "../ui/side-panel.tsx";
import { Foreign, Mono } from "../ui/value.tsx";
import classes from "./block-drawer.module.css";
import { BlockNav } from "./block-nav.tsx";

interface Props {
  readonly cidr: string;
  readonly pool: string;
  /** All of its addresses are reserved, some, or none. */
  readonly reserved: "all" | "some" | "none";
  /** Null at the end of the pool. */
  readonly onPrevious: (() => void) | null;
  readonly onNext: (() => void) | null;
  readonly onClose: () => void;
}

const words: Readonly<Record<Props["reserved"], string>> = {
  all: "Nobody has claimed it, and nobody will: all of its addresses are reserved.",
  some: "Nobody has claimed it. A node may, and gets those of its addresses that are not reserved.",
  none: "Nobody has claimed it. The next node that needs a block may.",
};

/** What can be said of a block that there is not: it is selected as every other one. */
export function UnclaimedPanel({ cidr, pool, reserved, onPrevious, onNext, onClose }: Props) {
  return (
    <SidePanel
      label={`Block ${cidr}`}
      eyebrow={
        <>
          Block in <Foreign>{pool}</Foreign>
        </>
      }
      onClose={onClose}
      nav={<BlockNav onPrevious={onPrevious} onNext={onNext} />}
    >
      <div className={classes.title}>
        <h2>
          <Mono>{cidr}</Mono>
        </h2>
        <span>unclaimed</span>
      </div>
      <p className={classes.owner}>{words[reserved]}</p>
    </SidePanel>
  );
}
