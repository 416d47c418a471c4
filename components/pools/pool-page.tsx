"use client";
import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useEffect, useRef } from "react";
import type { Pool } from "@/lib/contract/pools.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { useShot } from "../shot/use-shot.ts";
import { countText } from "../ui/count.ts";
import { lazily, usePrefetch } from "../ui/lazily.tsx";
import { Page } from "../ui/page-header.tsx";
import { MissingNotice } from "../ui/missing.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Empty, Loading } from "../ui/states.tsx";
import { Foreign } from "../ui/value.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { PoolHeader } from "./pool-header.tsx";
import classes from "./pool-page.module.css";
import { ToggleProvider } from "./toggle-flow.tsx";

const loading = { waiting: () => <Loading what="Loading" /> };
const MapTab = lazily(async () => (await import("./map-tab.tsx")).MapTab, loading);
const BlocksTab = lazily(async () => (await import("./blocks-tab.tsx")).BlocksTab, loading);
const AddressesTab = lazily(async () => (await import("./addresses-tab.tsx")).AddressesTab, loading);
const SettingsTab = lazily(async () => (await import("./settings-tab.tsx")).SettingsTab, loading);
const YamlTab = lazily(async () => (await import("./yaml-tab.tsx")).YamlTab, loading);
const EventsTab = lazily(async () => (await import("./events-tab.tsx")).EventsTab, loading);
const HoldsTab = lazily(async () => (await import("./holds-tab.tsx")).HoldsTab, loading);
const others = [MapTab, BlocksTab, AddressesTab, SettingsTab, YamlTab, EventsTab, HoldsTab];

const tabs = ["map", "blocks", "addresses", "settings", "yaml", "events", "holds"] as const;
type Tab = (typeof tabs)[number];

/** One pool: its facts, its blocks as a map, and everything else about it. */
export function PoolPage({ name }: { name: string }) {
  const query = useQuery(poolQueries.detail(name));
  const gone = query.error !== null && toProblemError(query.error).problem.status === 404;
  if (gone) return <Gone name={name} />;
  const view = (
    <QueryView query={query} what={`Reading ${name}`}>
      {(pool) => (
        <>
          <Page>
            <PoolHeader pool={pool} />
            <MissingNotice of={[pool]} />
          </Page>
          <PoolTabs key={pool.name} pool={pool} />
        </>
      )}
    </QueryView>
  );
  // Before there is a pool, what is said instead needs the page's margins.
  return <ToggleProvider>{query.data === undefined ? <Page>{view}</Page> : view}</ToggleProvider>;
}

function PoolTabs({ pool }: { pool: Pool }) {
  usePrefetch(others);
  const { params, set } = useUrlState();
  const wanted = params.get("tab");
  const tab = tabs.find((each) => each === wanted) ?? "map";
  const shot = useShot();
  const list = useRef<HTMLDivElement>(null);
  // On a phone the tabs scroll sideways; the open one is brought to the middle.
  useEffect(() => {
    const box = list.current;
    const open = box?.children[tabs.indexOf(tab)];
    if (!box || !open) return;
    const [around, at] = [box.getBoundingClientRect(), open.getBoundingClientRect()];
    box.scrollLeft += at.left - around.left - (around.width - at.width) / 2;
  }, [tab]);
  if (shot) {
    return (
      <div className={classes.pictured}>
        <Content tab={tab} pool={pool} />
      </div>
    );
  }
  return (
    <Tabs
      value={tab}
      keepMounted={false}
      onChange={(next) =>
        set({ tab: next === "map" ? null : next, sort: null, columns: null, q: null, ip: null }, "push")
      }
    >
      <Tabs.List ref={list} className={classes.tabs}>
        <Tabs.Tab value="map">Map</Tabs.Tab>
        <Counted value="blocks" label="Blocks" count={pool.blocks.claimed} />
        <Counted value="addresses" label="Addresses" count={pool.usage.inUse} />
        <Tabs.Tab value="settings">Settings</Tabs.Tab>
        <Tabs.Tab value="yaml">YAML</Tabs.Tab>
        <Tabs.Tab value="events">Events</Tabs.Tab>
        <Tabs.Tab value="holds">What holds it</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value={tab}>
        <div className={classes.panel}>
          <Content tab={tab} pool={pool} />
        </div>
      </Tabs.Panel>
    </Tabs>
  );
}

function Content({ tab, pool }: { tab: Tab; pool: Pool }) {
  switch (tab) {
    case "map":
      return <MapTab pool={pool} />;
    case "blocks":
      return <BlocksTab pool={pool} />;
    case "addresses":
      return <AddressesTab pool={pool} />;
    case "settings":
      return <SettingsTab pool={pool} />;
    case "yaml":
      return <YamlTab pool={pool} />;
    case "events":
      return <EventsTab pool={pool} />;
    case "holds":
      return <HoldsTab pool={pool} />;
  }
}

function Counted({ value, label, count }: { value: Tab; label: string; count: string | null }) {
  return (
    <Tabs.Tab value={value}>
      {label}
      {count === null ? null : <span className={classes.count}> {countText(count)}</span>}
    </Tabs.Tab>
  );
}

function Gone({ name }: { name: string }) {
  return (
    <Page>
      <h1>
        <Foreign>{name}</Foreign>
      </h1>
      <Empty title="No such pool" detail="It was deleted, or never existed in this cluster.">
        <Button component={Link} href="/pools">
          See all pools
        </Button>
      </Empty>
    </Page>
  );
}
