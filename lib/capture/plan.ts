import { createHash } from "node:crypto";

/** What can be pictured, in the order in which it is. */
export const views = ["overview", "pools", "map", "namespaces", "nodes", "pods"] as const;
export type View = (typeof views)[number];

export const themes = ["light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const formats = ["png", "pdf"] as const;
export type Format = (typeof formats)[number];

export const layouts = ["address", "node", "hilbert"] as const;
type Layout = (typeof layouts)[number];

/** Pixels. `height` null: as high as the content. */
export interface Size {
  readonly width: number;
  readonly height: number | null;
}

export interface Wish {
  readonly views: readonly View[];
  readonly themes: readonly Theme[];
  readonly formats: readonly Format[];
  readonly size: Size;
  readonly layout: Layout;
}

/** One picture to take; it becomes one file a format. */
export interface Shot {
  readonly view: View;
  /** Of a map; null of the other views. */
  readonly pool: string | null;
  readonly theme: Theme;
  /** Path and query of the page, without what makes it a picture. */
  readonly path: string;
}

const paths: Readonly<Record<Exclude<View, "map">, string>> = {
  overview: "/",
  pools: "/pools",
  namespaces: "/namespaces",
  nodes: "/nodes",
  pods: "/pods",
};

/** Every picture of the wish: view by view, a map for each of the pools, theme by theme. */
export function plan(wish: Wish, pools: readonly string[]): readonly Shot[] {
  return views
    .filter((view) => wish.views.includes(view))
    .flatMap((view): { view: View; pool: string | null; path: string }[] =>
      view === "map"
        ? pools.map((pool) => ({
            view,
            pool,
            // Without a layout the page chooses one by the size of the pool.
            path: `/pools/${encodeURIComponent(pool)}?tab=map&layout=${wish.layout}`,
          }))
        : [{ view, pool: null, path: paths[view] }],
    )
    .flatMap((page) => wish.themes.map((theme) => ({ ...page, theme })));
}

/** File systems take 255 bytes; the rest of a file's name needs less than 70. */
const longestPool = 180;

/** `<view>[-<pool>]-<theme>-<width>x<height>.<ext>`. A name that is no file's is escaped, one that is too long cut and told apart by its hash. */
export function fileName(shot: Shot, width: number, height: number, format: Format): string {
  const parts = [shot.view, ...(shot.pool === null ? [] : [poolPart(shot.pool)]), shot.theme];
  return `${parts.join("-")}-${width}x${height}.${format}`;
}

function poolPart(pool: string): string {
  const safe = encodeURIComponent(pool).replaceAll("*", "%2A");
  if (safe.length <= longestPool) return safe;
  return `${safe.slice(0, longestPool - 9)}~${createHash("sha256").update(pool).digest("hex").slice(0, 8)}`;
}
