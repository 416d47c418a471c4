"use client";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { focusToast } from "../ui/toast.ts";
import { navItems } from "./nav.ts";

interface Actions {
  readonly search: () => void;
  readonly help: () => void;
}

/** How long after `g` the letter may come, in milliseconds. */
const patience = 1500;

/** Page-wide keys: `/` and Ctrl/⌘-K search, `?` helps, `g` and a letter goes to a page, `u` to the toast. Silent while something is typed. */
export function useShortcuts(actions: Actions): void {
  const router = useRouter();
  const current = useRef(actions);
  useEffect(() => {
    current.current = actions;
  });
  useEffect(() => {
    let goAt = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey) && !event.altKey) {
        event.preventDefault();
        current.current.search();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || isTyping(event.target))
        return;
      if (document.querySelector('[role="dialog"][aria-modal="true"]')) return;
      const going = Date.now() - goAt < patience;
      goAt = 0;
      const page = going ? navItems.find((item) => item.key === event.key) : undefined;
      if (page) router.push(page.href);
      else if (event.key === "/") current.current.search();
      else if (event.key === "?") current.current.help();
      else if (event.key === "u") {
        if (!focusToast()) return;
      } else if (event.key === "g") {
        goAt = Date.now();
        return;
      } else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [router]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"))
  );
}
