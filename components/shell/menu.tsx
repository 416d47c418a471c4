"use client";
import { Drawer } from "@mantine/core";
import { useFocusBack } from "../ui/use-focus-back.ts";
import { Rail } from "./rail.tsx";
import classes from "./menu.module.css";

/** The navigation on a narrow screen. */
export function Menu({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  useFocusBack(opened);
  return (
    <Drawer.Root
      opened={opened}
      onClose={onClose}
      size={264}
      position="left"
      classNames={{ content: classes.drawer }}
    >
      <Drawer.Overlay backgroundOpacity={0.45} />
      <Drawer.Content aria-label="Menu">
        <Rail onNavigate={onClose} />
      </Drawer.Content>
    </Drawer.Root>
  );
}
