"use client";
import { Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { clusterQueries } from "@/lib/queries/cluster.ts";
import { ShotFrame } from "../shot/shot-frame.tsx";
import { useShot } from "../shot/use-shot.ts";
import { LoginGate } from "../login/login-gate.tsx";
import { openPalette, Palette } from "../palette/palette.tsx";
import { AfterWriteHost } from "../pools/after-write-host.tsx";
import { StopPage } from "../stop/stop-page.tsx";
import { Help } from "./help.tsx";
import { Rail } from "./rail.tsx";
import classes from "./shell.module.css";
import { useShortcuts } from "./shortcuts.ts";
import { TopBar } from "./top-bar.tsx";

/** What stands around every page: rail, bar, palette, help; or the STOP page alone; in a picture only the stamp. */
export function Shell({ children }: { children: React.ReactNode }) {
  const shot = useShot();
  const { data: cluster } = useQuery(clusterQueries.cluster());
  const stopped = cluster && !cluster.calico.detected ? <StopPage cluster={cluster} /> : null;
  if (shot) return <ShotFrame>{stopped ?? <main>{children}</main>}</ShotFrame>;
  return <LoginGate>{stopped ?? <Around>{children}</Around>}</LoginGate>;
}

function Around({ children }: { children: React.ReactNode }) {
  const [menu, { open: openMenu, close: closeMenu }] = useDisclosure();
  const [help, { open: openHelp, close: closeHelp }] = useDisclosure();
  useShortcuts({ search: openPalette, help: openHelp });
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <aside className={classes.rail} aria-label="Navigation">
        <Rail />
      </aside>
      <div className={classes.page}>
        <TopBar onSearch={openPalette} onMenu={openMenu} />
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
      <Palette />
      <AfterWriteHost />
    </div>
  );
}
