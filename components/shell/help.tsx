"use client";
import { Button } from "@mantine/core";
import { Dialog, DialogRow } from "../ui/dialog.tsx";
import classes from "./help.module.css";
import { navItems } from "./nav.ts";

interface Key {
  readonly keys: readonly string[];
  readonly does: string;
}

const everywhere: readonly Key[] = [
  { keys: ["/"], does: "Search, or paste an address" },
  { keys: ["Ctrl K"], does: "The same, also while typing (on a Mac, Command K)" },
  { keys: ["?"], does: "This list" },
  { keys: ["u"], does: "To the Undo of the change just made; Enter takes it back" },
  { keys: ["Esc"], does: "Close what floats" },
];
const pages: readonly Key[] = navItems.map((item) => ({ keys: ["g", item.key], does: item.label }));
const inside: readonly Key[] = [
  { keys: ["↑", "↓"], does: "Move through rows, or through the cells of a map" },
  { keys: ["Enter"], does: "Open the row or the block" },
  { keys: ["Home", "End"], does: "First and last" },
];

/** Every key of the product. */
export function Help({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title="Keys"
      actions={
        <Button size="md" onClick={onClose} data-autofocus>
          Close
        </Button>
      }
    >
      <DialogRow head={<span>Everywhere</span>}>
        <Keys keys={everywhere} />
      </DialogRow>
      <DialogRow head={<span>Go to</span>}>
        <Keys keys={pages} />
      </DialogRow>
      <DialogRow head={<span>In tables and maps</span>}>
        <Keys keys={inside} />
      </DialogRow>
    </Dialog>
  );
}

function Keys({ keys }: { keys: readonly Key[] }) {
  return (
    <dl className={classes.keys}>
      {keys.map((key) => (
        <div key={key.does}>
          <dt>
            {key.keys.map((each) => (
              <kbd key={each}>{each}</kbd>
            ))}
          </dt>
          <dd>{key.does}</dd>
        </div>
      ))}
    </dl>
  );
}
