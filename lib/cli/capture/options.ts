import { resolve } from "node:path";
import { formats, layouts, type Size, themes, views, type Wish } from "../../capture/plan.ts";
import { type FlagValues, UsageError } from "../args.ts";

export const command = {
  name: "npm run capture",
  summary:
    "Takes pictures of Poolboard's pages into a folder, with an index.html that shows them and a manifest.json that says what they are of.",
  flags: {
    out: { value: "DIR", help: "where the pictures go; files of the same names are replaced" },
    url: { value: "URL", help: "a Poolboard that runs already; also the whole link that npm start printed" },
    kubeconfig: { value: "FILE", help: "start Poolboard on the cluster that FILE names, read-only" },
    context: { value: "NAME", help: "use this context of --kubeconfig, or of the default kubeconfig" },
    scenario: { value: "NAME", help: "start an embedded cluster with this story (tutorial)" },
    pools: { value: "A,B", help: "maps of these pools only" },
    all: { help: "maps of all pools (so it is without --pools)" },
    views: { value: "A,B", help: `some of ${views.join(",")} (all)` },
    theme: { value: "A,B", help: "light, dark or both (light)" },
    size: { value: "WxH", help: "pixels; what is longer is cut (1440 wide, as high as the content)" },
    format: { value: "A,B", help: "png, pdf or both (png)" },
    layout: { value: "NAME", help: "of the maps: address, node or hilbert (address)" },
    reproducible: {
      help: "the pages' clock stands at the state's last change: the same state gives the same bytes",
    },
  },
  notes: [
    "Without --url, --kubeconfig and --context it pictures the embedded cluster, as npm start shows it.",
    "POOLBOARD_TOKEN   sent to --url, and nowhere else, as Authorization: Bearer",
    "CHROME_PATH       the Chromium to use instead of the one that comes with Poolboard",
    "Exit codes: 0 all taken; 2 usage, an unknown pool, a folder that cannot be written; 3 the cluster cannot be reached or",
    "is not Calico IPAM; 4 no browser; 1 anything else. Each comes with one line on stderr.",
  ],
} as const;

export type Values = FlagValues<typeof command.flags>;

/** Where the pages come from. */
export type Source =
  | { readonly kind: "url"; readonly url: URL }
  /** `kubeconfig` null: the default one. */
  | { readonly kind: "kubeconfig"; readonly kubeconfig: string | null; readonly context: string | null }
  | { readonly kind: "scenario"; readonly scenario: string };

export interface Options extends Wish {
  readonly out: string;
  readonly source: Source;
  /** Null: all of them. */
  readonly pools: readonly string[] | null;
  readonly reproducible: boolean;
}

/** @throws UsageError */
export function readOptions(values: Values): Options {
  if (values.out === undefined)
    throw new UsageError("--out is missing; name a folder for the pictures with --out DIR");
  if (values.pools !== undefined && values.all) {
    throw new UsageError("--pools and --all contradict each other; leave out one of them");
  }
  return {
    out: resolve(values.out),
    source: readSource(values),
    pools: values.pools === undefined ? null : entries("pools", values.pools),
    views: some("views", values.views, views) ?? views,
    themes: some("theme", values.theme, themes) ?? ["light"],
    formats: some("format", values.format, formats) ?? ["png"],
    size: readSize(values.size),
    layout: one("layout", values.layout ?? "address", layouts),
    reproducible: values.reproducible === true,
  };
}

function readSource(values: Values): Source {
  const { url, scenario } = values;
  const kubeconfig = values.kubeconfig ?? null;
  const context = values.context ?? null;
  const named = [
    ...(url === undefined ? [] : ["--url"]),
    ...(kubeconfig === null && context === null ? [] : [kubeconfig === null ? "--context" : "--kubeconfig"]),
    ...(scenario === undefined ? [] : ["--scenario"]),
  ];
  if (named.length > 1)
    throw new UsageError(`${named.join(" and ")} name two clusters; leave out one of them`);
  if (url !== undefined) return { kind: "url", url: readUrl(url) };
  if (kubeconfig !== null || context !== null) return { kind: "kubeconfig", kubeconfig, context };
  return { kind: "scenario", scenario: scenario ?? "tutorial" };
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPage = url?.protocol === "http:" || url?.protocol === "https:";
  if (!url || !isPage || url.username !== "" || url.password !== "") {
    throw new UsageError(`--url is the address of a Poolboard, as in http://127.0.0.1:3000, not "${text}"`);
  }
  return url;
}

/** Bounds of a picture, in pixels. */
const widths = [320, 4096] as const;
const heights = [200, 16_000] as const;

function readSize(text: string | undefined): Size {
  if (text === undefined) return { width: 1440, height: null };
  const match = /^(\d{1,5})x(\d{1,5})$/.exec(text);
  const [width, height] = [Number(match?.[1]), Number(match?.[2])];
  const fits = width >= widths[0] && width <= widths[1] && height >= heights[0] && height <= heights[1];
  if (!fits) {
    throw new UsageError(
      `--size is written as in 1440x900, from ${widths[0]}x${heights[0]} to ${widths[1]}x${heights[1]}, not "${text}"`,
    );
  }
  return { width, height };
}

/** The entries of a list separated by commas, each once. */
function entries(flag: string, text: string): readonly string[] {
  const found = text.split(",").map((entry) => entry.trim());
  if (found.includes("")) throw new UsageError(`--${flag} has an empty entry; write --${flag} a,b`);
  return [...new Set(found)];
}

function some<const Name extends string>(
  flag: string,
  text: string | undefined,
  known: readonly Name[],
): readonly Name[] | null {
  return text === undefined ? null : entries(flag, text).map((entry) => one(flag, entry, known));
}

function one<const Name extends string>(flag: string, text: string, known: readonly Name[]): Name {
  const found = known.find((name) => name === text);
  if (found === undefined)
    throw new UsageError(`--${flag} knows no "${text}"; choose from ${known.join(", ")}`);
  return found;
}
