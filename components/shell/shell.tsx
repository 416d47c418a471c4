"use client";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState, useSyncExternalStore } from "react";
import { clusterQueries } from "@/lib/queries/cluster.ts";
import { schemas } from "@/lib/queries/schemas.ts";
import { useShot } from "../shot/use-shot.ts";
import { LoginGate } from "../login/login-gate.tsx";
import { openPalette, Palette, PaletteHost } from "../palette/palette-host.tsx";
import { afterWrite } from "../pools/after-write-state.ts";
import { lazily, usePrefetch } from "../ui/lazily.tsx";
import { toasts } from "../ui/toast.ts";
import { Rail } from "./rail.tsx";
import classes from "./shell.module.css";
import { useShortcuts } from "./shortcuts.ts";
import { TopBar } from "./top-bar.tsx";

const floats = { floats: true };
const AfterWriteHost = lazily(
  async () => (await import("../pools/after-write-host.tsx")).AfterWriteHost,
  floats,
);
const Help = lazily(async () => (await import("./help.tsx")).Help, floats);
const Menu = lazily(async () => (await import("./menu.tsx")).Menu, floats);
const ShotFrame = lazily(async () => (await import("../shot/shot-frame.tsx")).ShotFrame);
const StopPage = lazily(async () => (await import("../stop/stop-page.tsx")).StopPage);
const Toasts = lazily(async () => (await import("../ui/toasts.tsx")).Toasts, floats);
const soonUsed = [schemas, Palette, Menu, Help, Toasts, AfterWriteHost];

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
  usePrefetch(soonUsed);
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
      {useOnce(menu) ? <Menu opened={menu} onClose={closeMenu} /> : null}
      {useOnce(help) ? <Help opened={help} onClose={closeHelp} /> : null}
      <PaletteHost />
      <Told />
    </div>
  );
}

/** What is said about writes, from the first one on. */
function Told() {
  const written = useSyncExternalStore(afterWrite.subscribe, afterWrite.get, afterWrite.get);
  const said = useSyncExternalStore(toasts.subscribe, toasts.get, toasts.get);
  return (
    <>
      {useOnce(written.followed.length > 0 || written.refusal !== null) ? <AfterWriteHost /> : null}
      {useOnce(said.length > 0) ? <Toasts /> : null}
    </>
  );
}

/** Whether it was ever true: what closes with a movement stays, and what was never opened is not loaded. */
function useOnce(now: boolean): boolean {
  const [once, setOnce] = useState(now);
  if (now && !once) setOnce(true);
  return once;
}
