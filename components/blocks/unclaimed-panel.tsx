"use client";
import classes from "./block-drawer.module.css";
import { BlockPanel, type BlockPanelProps } from "./block-panel.tsx";

interface Props extends BlockPanelProps {
  /** All of its addresses are reserved, some, or none. */
  readonly reserved: "all" | "some" | "none";
}

const words: Readonly<Record<Props["reserved"], string>> = {
  all: "Nobody has claimed it, and nobody will: all of its addresses are reserved.",
  some: "Nobody has claimed it. A node may, and gets those of its addresses that are not reserved.",
  none: "Nobody has claimed it. The next node that needs a block may.",
};

/** What can be said of a block that there is not: it is selected as every other one. */
export function UnclaimedPanel({ reserved, ...panel }: Props) {
  return (
    <BlockPanel {...panel} aside="unclaimed">
      <p className={classes.owner}>{words[reserved]}</p>
    </BlockPanel>
  );
}
