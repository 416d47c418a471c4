"use client";
import { ActionIcon, UnstyledButton } from "@mantine/core";
import { useOs } from "@mantine/hooks";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { BackIcon, MenuIcon, SearchIcon } from "../ui/icons.tsx";
import { Foreign } from "../ui/value.tsx";
import { DataAge } from "./data-age.tsx";
import { Mark } from "./mark.tsx";
import { crumbs } from "./nav.ts";
import classes from "./top-bar.module.css";

/** Where you are at the left; search and the age of the data at the right. Nothing else, ever. */
export function TopBar({ onSearch, onMenu }: { onSearch: () => void; onMenu: () => void }) {
  const trail = crumbs(usePathname());
  const os = useOs();
  const above = trail.at(-2);
  return (
    <header className={classes.bar}>
      {above?.href ? (
        <Link className={classes.back} href={above.href} aria-label={`Back to ${above.label}`}>
          <BackIcon />
        </Link>
      ) : (
        <Link className={classes.back} href="/" aria-label="Overview">
          <Mark />
        </Link>
      )}
      <nav className={classes.trail} aria-label="Breadcrumb">
        <ol>
          {trail.map((crumb, index) => (
            <li key={crumb.label} aria-current={index === trail.length - 1 ? "page" : undefined}>
              {crumb.href === null ? (
                <Foreign>{crumb.label}</Foreign>
              ) : (
                <Link href={crumb.href}>{crumb.label}</Link>
              )}
            </li>
          ))}
        </ol>
      </nav>
      <UnstyledButton className={classes.search} onClick={onSearch}>
        <SearchIcon />
        <span className={classes.searchText}>Search, or paste an address</span>
        <kbd className={classes.key}>{os === "macos" ? "⌘ K" : "Ctrl K"}</kbd>
      </UnstyledButton>
      <DataAge />
      <ActionIcon
        className={classes.menu}
        variant="subtle"
        color="gray"
        size={44}
        aria-label="Menu"
        onClick={onMenu}
      >
        <MenuIcon />
      </ActionIcon>
    </header>
  );
}
