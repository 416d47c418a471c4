/** What a nav entry counts; null shows no count. */
export type NavCount = "pools" | "addresses" | "namespaces" | "pods" | "nodes";

export interface NavItem {
  readonly href: string;
  readonly label: string;
  readonly count: NavCount | null;
  /** `g` and this letter go there. */
  readonly key: string;
}

export interface NavGroup {
  readonly title: string | null;
  readonly items: readonly NavItem[];
}

export const navGroups: readonly NavGroup[] = [
  { title: null, items: [{ href: "/", label: "Overview", count: null, key: "o" }] },
  {
    title: "Address space",
    items: [
      { href: "/pools", label: "Pools", count: "pools", key: "p" },
      { href: "/addresses", label: "Addresses", count: "addresses", key: "a" },
      { href: "/ipam", label: "IPAM show", count: null, key: "i" },
    ],
  },
  {
    title: "Who uses it",
    items: [
      { href: "/namespaces", label: "Namespaces", count: "namespaces", key: "n" },
      { href: "/pods", label: "Pods", count: "pods", key: "d" },
      { href: "/nodes", label: "Nodes", count: "nodes", key: "h" },
    ],
  },
  {
    title: "Ask",
    items: [
      { href: "/path", label: "Path", count: null, key: "t" },
      { href: "/choose", label: "Pool choice", count: null, key: "c" },
    ],
  },
  { title: "Record", items: [{ href: "/activity", label: "Activity", count: null, key: "y" }] },
];

export const navItems: readonly NavItem[] = navGroups.flatMap((group) => group.items);

/** Whether an entry is the page at `pathname` or above it. */
export function isCurrent(item: NavItem, pathname: string): boolean {
  return item.href === "/"
    ? pathname === "/"
    : pathname === item.href || pathname.startsWith(`${item.href}/`);
}

export interface Crumb {
  readonly label: string;
  /** Null for the page itself. */
  readonly href: string | null;
}

/** Where `pathname` is, outermost first: `Pools`, `external-pool`. */
export function crumbs(pathname: string): readonly Crumb[] {
  const item = navItems.find((each) => isCurrent(each, pathname));
  if (!item) return [];
  const rest = pathname.slice(item.href.length).split("/").filter(Boolean);
  if (rest.length === 0) return [{ label: item.label, href: null }];
  return [
    { label: item.label, href: item.href },
    ...rest.map((part) => ({ label: decodePart(part), href: null })),
  ];
}

/** A part of a path as it was meant; as it stands when its escapes are broken. */
export function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
