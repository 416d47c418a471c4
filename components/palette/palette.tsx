"use client";
import { useDebouncedValue } from "@mantine/hooks";
import { createSpotlight, Spotlight } from "@mantine/spotlight";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { SearchIcon } from "@/components/ui/icons.tsx";
import { sentence } from "@/components/ui/sentence.ts";
import { Foreign, Mono } from "@/components/ui/value.tsx";
import type { SearchItem } from "@/lib/contract/search.ts";
import { missingPermissions } from "@/lib/queries/missing.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { searchQueries } from "@/lib/queries/search.ts";
import { navItems } from "../shell/nav.ts";
import type { EarlyKeys, LaterKey } from "./early-keys.ts";
import { groupHits } from "./groups.ts";
import classes from "./palette.module.css";

const [store, palette] = createSpotlight();

/** A box that scrolls must be reachable by keyboard. The kit passes this on, though its types do not say so. */
const scrolled = { viewportProps: { tabIndex: 0 } };

interface Props {
  /** How often it was asked for; each time opens it. */
  readonly asks: number;
  /** What was pressed before its code was here. */
  readonly early: () => EarlyKeys;
  /** It can be typed into. */
  readonly onHere: () => void;
}

/** Finds pools, blocks, addresses, namespaces, pods, nodes and pages by what is typed or pasted. */
export function Palette({ asks, early, onHere }: Props) {
  const [{ text: typed, later }] = useState(early);
  const [text, setText] = useState(typed);
  const [asked] = useDebouncedValue(text.trim(), 120);
  const router = useRouter();
  const search = useQuery({
    ...searchQueries.search(asked),
    enabled: asked !== "",
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const missing = search.data ? missingPermissions([search.data]) : [];
  const hits = asked === "" ? [] : (search.data?.items ?? []);
  useEffect(selectFirst, [search.data, asked]);
  const begin = useEffectEvent(onHere);
  useEffect(() => {
    if (asks > 0) palette.open();
    begin();
  }, [asks]);
  const isSettled = asked === text.trim() && (asked === "" || search.isSuccess) && !search.isPlaceholderData;
  usePressed(isSettled ? later : none);
  const pages = navItems.filter((item) => item.label.toLowerCase().includes(asked.toLowerCase()));
  const open = (href: string) => (event: React.MouseEvent) => {
    if (event.metaKey || event.ctrlKey) window.open(href, "_blank", "noopener");
    else router.push(href);
  };
  return (
    <Spotlight.Root
      store={store}
      query={text}
      onQueryChange={setText}
      shortcut={null}
      // What is typed right after the key that opens it belongs into the field.
      transitionProps={{ duration: 0 }}
      size={664}
      lockScroll={false}
      overlayProps={{ backgroundOpacity: 0.45, blur: 0 }}
      attributes={{ content: { "aria-label": "Search" } }}
      classNames={{ content: classes.content }}
      scrollable
      maxHeight={480}
    >
      <Spotlight.Search
        className={classes.search}
        classNames={{ input: classes.input }}
        placeholder="Search, or paste an address"
        aria-label="Search pools, namespaces, pods, nodes and addresses"
        leftSection={<SearchIcon />}
        autoComplete="off"
        spellCheck={false}
      />
      <Spotlight.ActionsList className={classes.list} {...scrolled}>
        {groupHits(hits).map((group) => (
          <Spotlight.ActionsGroup key={group.title} label={group.title}>
            {group.items.map((item) => (
              <Spotlight.Action
                key={item.href + item.name}
                className={classes.action}
                onClick={open(item.href)}
              >
                <Hit item={item} typed={asked} />
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {pages.length > 0 ? (
          <Spotlight.ActionsGroup label="Pages">
            {pages.map((item) => (
              <Spotlight.Action key={item.href} className={classes.action} onClick={open(item.href)}>
                <span className={classes.name}>{item.label}</span>
                <span className={classes.detail}>g {item.key}</span>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        ) : null}
        {hits.length === 0 && pages.length === 0 ? (
          <Spotlight.Empty className={classes.empty}>
            {nothing(asked, search, missing.length > 0)}
          </Spotlight.Empty>
        ) : null}
      </Spotlight.ActionsList>
      {asked === "" || missing.length === 0 ? null : (
        <p className={classes.missing} role="status">
          {missing.map(({ reason }) => sentence(reason)).join(" ")}
        </p>
      )}
      <Spotlight.Footer className={classes.footer}>
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> choose
        </span>
        <span>
          <kbd>Enter</kbd> open
        </span>
        <span>
          <kbd>Esc</kbd> close
        </span>
      </Spotlight.Footer>
    </Spotlight.Root>
  );
}

const none: readonly LaterKey[] = [];

/** Presses these keys in the field, once, as soon as there are any. */
function usePressed(keys: readonly LaterKey[]): void {
  const isDone = useRef(false);
  useEffect(() => {
    if (isDone.current || keys.length === 0) return;
    isDone.current = true;
    const { activeElement } = document;
    // The kit tells keys by their place on the keyboard.
    for (const key of keys)
      activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, code: key, bubbles: true }));
  }, [keys]);
}

/** The kit marks the first row while one types; the rows that the server found come after that. */
function selectFirst(): void {
  const list = document.getElementById(store.getState().listId);
  list?.querySelector("[data-selected]")?.removeAttribute("data-selected");
  list?.querySelector("[data-action]")?.setAttribute("data-selected", "true");
  store.updateState((state) => ({ ...state, selected: 0 }));
}

function nothing(asked: string, search: { isFetching: boolean; error: unknown }, isPartial: boolean): string {
  if (search.error) return `The search failed: ${toProblemError(search.error).message}`;
  if (search.isFetching) return "Searching";
  if (isPartial) return `Nothing that Poolboard may read is called ${asked}`;
  return `Nothing is called ${asked}, and no address begins with it`;
}

const monoKinds: readonly SearchItem["kind"][] = ["address", "block", "node"];

function Hit({ item, typed }: { item: SearchItem; typed: string }) {
  const full = item.namespace === undefined ? item.name : `${item.namespace}/${item.name}`;
  return (
    <>
      <span className={classes.name}>
        {monoKinds.includes(item.kind) ? <Marked text={full} typed={typed} /> : <Foreign>{full}</Foreign>}
      </span>
      <span className={classes.detail}>
        <Foreign>{item.detail}</Foreign>
      </span>
    </>
  );
}

/** The part that was typed, underlined. */
function Marked({ text, typed }: { text: string; typed: string }) {
  if (!text.startsWith(typed)) return <Mono>{text}</Mono>;
  return (
    <>
      <mark className={classes.typed}>
        <Mono>{typed}</Mono>
      </mark>
      {text === typed ? null : <Mono>{text.slice(typed.length)}</Mono>}
    </>
  );
}
