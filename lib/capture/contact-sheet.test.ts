import { expect, test } from "vitest";
import { contactSheet } from "./contact-sheet.ts";
import { manifestText, type Occasion, type Picture, sha256 } from "./manifest.ts";

const occasion: Occasion = {
  cluster: "dan-prod",
  context: "dan-prod",
  time: "2026-11-23T15:40:02Z",
  dataAgeSeconds: 2,
  reproducible: false,
  version: "0.1.0",
  calicoVersion: "v3.33.0",
  kubernetesVersion: null,
};

const picture: Picture = {
  file: "overview-light-1440x449.png",
  view: "overview",
  pool: null,
  theme: "light",
  format: "png",
  width: 1440,
  height: 449,
  path: "/",
  sha256: sha256(Buffer.from("a picture")),
};

test("the sheet shows every picture, needs no other place, and runs no script", () => {
  const pictures = [picture, { ...picture, theme: "dark", file: "overview-dark-1440x449.png" } as const];
  const html = contactSheet(occasion, pictures);
  expect(html).toContain("2026-11-23 15:40:02 UTC · data 2 s old · Calico v3.33.0 · Poolboard 0.1.0");
  for (const { file } of pictures) expect(html).toContain(`<a href="${file}"><img src="${file}"`);
  expect(html).not.toMatch(/https?:|<script/);
});

test("names from the cluster are text", () => {
  const odd = { ...picture, view: "map", pool: `<b>"&`, file: "map-%3Cb%3E.png" } as const;
  const html = contactSheet({ ...occasion, cluster: "<script>" }, [odd]);
  expect(html).toContain("<h1>&lt;script&gt;</h1>");
  expect(html).toContain("Map of &lt;b&gt;&quot;&amp;");
  expect(html).toContain('href="map-%253Cb%253E.png"');
});

test("a PDF is a link beside the picture of the same page, or alone", () => {
  const pdf = { ...picture, format: "pdf", file: "overview-light-1440x449.pdf" } as const;
  const link = '<a href="overview-light-1440x449.pdf">PDF</a>';
  const both = contactSheet(occasion, [picture, pdf]);
  expect(both.match(/<figure>/g)).toHaveLength(1);
  expect(both).toContain(link);
  const alone = contactSheet(occasion, [pdf]);
  expect(alone).toContain(link);
  expect(alone).not.toContain("<img");
});

test("the manifest says what the pictures are of, in one order of keys", () => {
  const { cluster, ...rest } = occasion;
  const text = manifestText({ ...rest, cluster }, [picture]);
  expect(text).toBe(manifestText(occasion, [picture]));
  expect(JSON.parse(text)).toEqual({ ...occasion, files: [picture] });
});
