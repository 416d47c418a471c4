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
  const groups = Map.groupBy(pictures, ({ view, pool, theme }) => [view, pool ?? "", theme].join("\n"));
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
${[...groups.values()].map(figure).join("\n")}
</main>
</body>
</html>
`;
}

const titles: Readonly<Record<Picture["view"], string>> = {
  overview: "Overview",
  pools: "Pools",
  map: "Map",
  namespaces: "Namespaces",
  nodes: "Nodes",
  pods: "Pods",
};

/** One page in one theme: its picture, or its PDF alone. */
function figure(formats: readonly Picture[]): string {
  const [first] = formats;
  if (first === undefined) return "";
  const { view, pool, theme, path, width, height } = first;
  const title = escape(`${titles[view]}${pool === null ? "" : ` of ${pool}`}`);
  const png = formats.find(({ format }) => format === "png");
  const pdf = formats.find(({ format }) => format === "pdf");
  const image = png
    ? `<a href="${href(png)}"><img src="${href(png)}" alt="${title}, ${theme}" width="${width}" height="${height}" loading="lazy"></a>\n`
    : "";
  const print = pdf ? ` · <a href="${href(pdf)}">PDF</a>` : "";
  return `<figure>
${image}<figcaption><b>${title}</b>, ${theme}, ${width} × ${height}${print}<br><code>${escape(path)}</code></figcaption>
</figure>`;
}

function href({ file }: Picture): string {
  return escape(encodeURIComponent(file));
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

const style = `:root { color-scheme: light dark; --bg: #fff; --text: #141d23; --quiet: #48535a; --line: #dee4e7; }
@media (prefers-color-scheme: dark) { :root { --bg: #0d1215; --text: #e9eef0; --quiet: #abb4b9; --line: #22292d; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 40px; max-width: 1520px; font: 13px/20px system-ui, sans-serif; font-variant-numeric: tabular-nums; color: var(--text); background: var(--bg); }
h1 { margin: 0; font-size: 20px; line-height: 28px; letter-spacing: -0.018em; }
header p { margin: 2px 0 0; color: var(--quiet); }
a { color: inherit; }
a:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr)); gap: 32px 24px; margin-top: 28px; padding-top: 28px; border-top: 1px solid var(--line); }
figure { margin: 0; min-width: 0; }
figure > a { display: block; max-height: 280px; overflow: hidden; border: 1px solid var(--line); border-radius: 4px; }
img { display: block; width: 100%; height: auto; }
b { font-weight: 600; color: var(--text); }
figcaption { margin-top: 6px; font-size: 12px; line-height: 18px; color: var(--quiet); overflow-wrap: anywhere; }
code { font-family: ui-monospace, monospace; font-size: 12px; }`;
