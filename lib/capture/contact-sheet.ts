import type { Occasion, Picture } from "./manifest.ts";

/**
 * `index.html`: every picture as a thumbnail that leads to it. It needs nothing but the files beside it, and no script.
 */
export function contactSheet(occasion: Occasion, pictures: readonly Picture[]): string {
  const { cluster, context, time, version, calicoVersion } = occasion;
  const facts = [
    ...(context === null || context === cluster ? [] : [`context ${context}`]),
    `${time.slice(0, 19).replace("T", " ")} UTC`,
    `data ${occasion.dataAgeSeconds} s old`,
    ...(calicoVersion === null ? [] : [`Calico ${calicoVersion}`]),
    `Poolboard ${version}`,
  ];
  const groups = Map.groupBy(pictures, ({ view, pool }) => (pool === null ? view : `${view} ${pool}`));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'">
<title>${escape(cluster)} · Poolboard</title>
<style>
${style}
</style>
</head>
<body>
<header>
<h1>${escape(cluster)}</h1>
<p>${facts.map(escape).join(" · ")}</p>
<p><a href="manifest.json">manifest.json</a></p>
</header>
<main>
${[...groups.values()].map(section).join("\n")}
</main>
</body>
</html>
`;
}

function section(pictures: readonly Picture[]): string {
  const [first] = pictures;
  if (first === undefined) return "";
  const title = `${titles[first.view]}${first.pool === null ? "" : ` of ${first.pool}`}`;
  return `<section>
<h2>${escape(title)}</h2>
<div class="pictures">
${pictures.map((picture) => figure(picture, title)).join("\n")}
</div>
</section>`;
}

const titles: Readonly<Record<Picture["view"], string>> = {
  overview: "Overview",
  pools: "Pools",
  map: "Map",
  namespaces: "Namespaces",
  nodes: "Nodes",
  pods: "Pods",
};

function figure(picture: Picture, title: string): string {
  const { file, theme, format, width, height, path } = picture;
  const href = escape(encodeURIComponent(file));
  const image =
    format === "png"
      ? `<img src="${href}" alt="${escape(`${title}, ${theme}`)}" width="${width}" height="${height}" loading="lazy">`
      : `<span class="paper">PDF</span>`;
  return `<figure>
<a href="${href}">${image}</a>
<figcaption>${escape(`${theme}, ${width} × ${height}`)} <code>${escape(path)}</code></figcaption>
</figure>`;
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

const style = `:root { color-scheme: light dark; --bg: #fff; --text: #141d23; --quiet: #48535a; --line: #dee4e7; --sunken: #f1f4f6; }
@media (prefers-color-scheme: dark) { :root { --bg: #0d1215; --text: #e9eef0; --quiet: #abb4b9; --line: #22292d; --sunken: #12181c; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 40px; max-width: 1520px; font: 13px/20px system-ui, sans-serif; font-variant-numeric: tabular-nums; color: var(--text); background: var(--bg); }
h1 { margin: 0; font-size: 20px; line-height: 28px; letter-spacing: -0.018em; }
h2 { margin: 0 0 12px; font-size: 14px; }
header p { margin: 2px 0 0; color: var(--quiet); }
a { color: inherit; }
a:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
section { margin-top: 28px; padding-top: 24px; border-top: 1px solid var(--line); }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr)); gap: 24px; }
figure { margin: 0; min-width: 0; }
figure a { display: block; height: 280px; overflow: hidden; background: var(--sunken); border: 1px solid var(--line); border-radius: 4px; }
img { display: block; width: 100%; height: auto; }
.paper { display: block; padding: 16px; color: var(--quiet); }
figcaption { margin-top: 6px; font-size: 12px; line-height: 16px; color: var(--quiet); overflow-wrap: anywhere; }
code { font-family: ui-monospace, monospace; font-size: 12px; }`;
