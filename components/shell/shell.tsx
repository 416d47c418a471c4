"use client";
import { Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Help } from "./help.tsx";
import { Rail } from "./rail.tsx";
import classes from "./shell.module.css";
import { useShortcuts } from "./shortcuts.ts";
import { TopBar } from "./top-bar.tsx";

/** What stands around every page: rail, bar, help. */
export function Shell({ children }: { children: React.ReactNode }) {
  const [menu, { open: openMenu, close: closeMenu }] = useDisclosure();
  const [help, { open: openHelp, close: closeHelp }] = useDisclosure();
  const [, { open: openSearch }] = useDisclosure();
  useShortcuts({ search: openSearch, help: openHelp });
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <aside className={classes.rail} aria-label="Navigation">
        <Rail />
      </aside>
      <div className={classes.page}>
        <TopBar onSearch={openSearch} onMenu={openMenu} />
        <main id="content" tabIndex={-1} className={classes.main}>
          {children}
        </main>
      </div>
      <Drawer.Root
        opened={menu}
        onClose={closeMenu}
        size={264}
        position="left"
        classNames={{ content: classes.drawer }}
      >
        <Drawer.Overlay backgroundOpacity={0.45} />
        <Drawer.Content aria-label="Menu">
          <Rail onNavigate={closeMenu} />
        </Drawer.Content>
      </Drawer.Root>
      <Help opened={help} onClose={closeHelp} />
    </div>
  );
}
