import type { Browser } from "playwright-core";
import type { BenchCase, BenchContext } from "./case.ts";
import { startChurned } from "./churned.ts";
import { median, type Measurement } from "./measure.ts";
import { Measured, newVisitor, openBrowser } from "./page-browser.ts";
import type { SightName } from "./page-probe.ts";

/** The main thread has this long for everything between two frames. */
const frameMs = 1000 / 60;
/** A minute of live changes may add this to a page's memory: less can not be told from what one look is off, in half a minute. */
const heapGrowth = 512 * 1024;

export const pageCase: BenchCase = {
  name: "page",
  summary: "the pages in a real Chromium: how soon they are there, what a key costs, and their memory",
  async run(context) {
    const { tell, short } = context;
    const { url, get } = await context.product();
    const { items } = await get<{ items: readonly { name: string; blocks: { claimed: string } }[] }>("pools");
    const pool = items.toSorted((a, b) => Number(b.blocks.claimed) - Number(a.blocks.claimed))[0]?.name ?? "";
    const browser = await openBrowser();
    try {
      tell("pages in Chromium");
      const rows = [
        ...(await firstViews(context, browser, url, pool)),
        ...(await fromListToMap(context, browser, url, pool)),
        ...(await keys(context, browser, url)),
      ];
      if (short) return rows;
      return [...rows, await scrolling(browser, url), ...(await heaps(context, browser))];
    } finally {
      await browser.close();
    }
  },
};

/** Of a browser that was never there, and of one that has the scripts already. */
async function firstViews(
  { runs, short }: BenchContext,
  browser: Browser,
  url: string,
  pool: string,
): Promise<Measurement[]> {
  const views: readonly (readonly [path: string, sight: SightName])[] = [
    ["/", "rows"],
    [`/pools/${pool}`, "map"],
    ["/pods", "rows"],
  ];
  const measurements: Measurement[] = [];
  for (const [path, sight] of short ? views.slice(0, 1) : views) {
    const [cold, warm] = [[] as number[], [] as number[]];
    for (let run = 0; run < runs; run += 1) {
      const context = await newVisitor(browser, url);
      for (const times of [cold, warm]) {
        const { page } = await Measured.open(context, path);
        times.push(await page.evaluate((name) => probe.seen(name), sight));
        await page.close();
      }
      await context.close();
    }
    const name = path.replace(pool, "[name]");
    measurements.push(
      {
        name: `${name} opened, nothing in the browser's cache`,
        value: median(cold),
        against: null,
        unit: "ms",
      },
      { name: `${name} opened, scripts in the cache`, value: median(warm), against: null, unit: "ms" },
    );
  }
  return measurements;
}

/** From the click in the list of pools to the painted map. */
async function fromListToMap(
  { runs }: BenchContext,
  browser: Browser,
  url: string,
  pool: string,
): Promise<Measurement[]> {
  const context = await newVisitor(browser, url);
  const { page } = await Measured.open(context, "/pools");
  const times: number[] = [];
  for (let visit = 0; visit <= runs; visit += 1) {
    const link = page.getByRole("link", { name: pool, exact: true }).first();
    await link.waitFor();
    await page.evaluate(() => probe.watch("map"));
    await link.click();
    times.push(await page.evaluate(() => probe.told));
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Pools" }).click();
  }
  await context.close();
  const [first = Number.NaN, ...others] = times;
  return [
    { name: "from the list of pools to a map, first time", value: first, against: null, unit: "ms" },
    {
      name: "from the list of pools to a map, warm",
      value: median(others),
      against: null,
      unit: "ms",
      target: { value: 300 },
    },
  ];
}

/** Digits into the filter of a long list, and out of it: each leaves other rows. */
async function keys({ runs, short }: BenchContext, browser: Browser, url: string): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const noun of short ? ["pods"] : ["pods", "addresses"]) {
    const context = await newVisitor(browser, url);
    const measured = await Measured.open(context, `/${noun}`);
    const { page } = measured;
    await page.evaluate(() => probe.seen("rows"));
    const [delays, echoes, work] = [[] as number[], [] as number[], [] as number[]];
    const filter = page.getByRole("searchbox", { name: `Filter ${noun}` });
    await filter.focus();
    for (const key of ["7", "3", "Backspace", "5", "Backspace"].slice(0, 2 * runs - 1)) {
      const before = await measured.worked();
      await page.evaluate(() => probe.watch("otherCount"));
      await page.keyboard.press(key);
      await page.evaluate(() => probe.painted());
      echoes.push((await measured.worked()) - before);
      delays.push(await page.evaluate(() => probe.told));
      work.push((await measured.worked()) - before);
    }
    await context.close();
    const name = `key in the filter of ${noun}`;
    const own = { against: null, unit: "ms" } as const;
    measurements.push(
      {
        name: `${name}: work until it stands there`,
        value: median(echoes),
        ...own,
        target: { value: frameMs },
      },
      { name: `${name}: work until its rows do`, value: median(work), ...own },
      {
        name: `${name}: until its rows do, 120 ms of which are for the next key`,
        value: median(delays),
        ...own,
      },
    );
  }
  return measurements;
}

async function scrolling(browser: Browser, url: string): Promise<Measurement> {
  const context = await newVisitor(browser, url);
  const { page } = await Measured.open(context, "/pods");
  await page.evaluate(() => probe.seen("rows"));
  const frames = await page.evaluate(() => probe.scroll(300, 700));
  await context.close();
  return {
    name: "scrolling through pods, 700 pixels a frame: longest frame",
    value: Math.max(...frames),
    against: null,
    unit: "ms",
  };
}

/** Memory of pages that somebody leaves open while the cluster changes. */
async function heaps({ tell }: BenchContext, browser: Browser): Promise<Measurement[]> {
  const churn = 250;
  tell(`memory of pages among ${2 * churn} changes a second`);
  const { url, end } = await startChurned({ nodes: 100, churn });
  try {
    const context = await newVisitor(browser, url);
    const measurements: Measurement[] = [];
    for (const path of ["/", "/pools/big"]) {
      const measured = await Measured.open(context, path);
      const sizes: number[] = [];
      // What is filled once is filled in the first ten seconds.
      await measured.page.waitForTimeout(10_000);
      for (let look = 0; look <= 6; look += 1) {
        sizes.push(await measured.heap());
        await measured.page.waitForTimeout(5_000);
      }
      await measured.page.close();
      const name = `memory of ${path.replace("big", "[name]")}`;
      measurements.push(
        { name, value: median(sizes), against: null, unit: "bytes" },
        {
          name: `${name}: growth a minute`,
          value: growth(sizes) * 12,
          against: null,
          unit: "bytes",
          target: { value: heapGrowth },
        },
      );
    }
    await context.close();
    return measurements;
  } finally {
    await end();
  }
}

/** From one look to the next, as the middle of all pairs has it: one that met a request under way does not count. */
function growth(sizes: readonly number[]): number {
  const slopes = sizes.flatMap((size, index) =>
    sizes.slice(index + 1).map((later, distance) => (later - size) / (distance + 1)),
  );
  return median(slopes);
}
