import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { CaptureFailure } from "./failure.ts";
import { datedPdf } from "./dated-pdf.ts";
import type { Format, Shot, Size, Theme } from "./plan.ts";

/** How a Chromium is started; as `findBrowser` answers. */
export interface Launch {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What the bytes of a picture are, and how large it is in pixels. */
export interface Exposure {
  readonly format: Format;
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** How pictures are taken. */
export interface Settings {
  readonly size: Size;
  readonly formats: readonly Format[];
  /** Stops the page's clock (RFC 3339); null leaves it. */
  readonly clock: string | null;
  /** Links in a PDF lead to this server. False: it will be gone. */
  readonly links: boolean;
}

/** How long one page may take until it is ready, in milliseconds. */
const patienceMs = 60_000;
/** Where a window begins whose height follows its content. */
const firstHeight = 900;
/** Beyond this a Chromium does not paint: what is longer is cut. */
const mostHeight = 16_000;

/** One browser with fixed language, time zone and scale. */
export class Camera {
  readonly context: BrowserContext;
  readonly #browser: Browser;

  private constructor(browser: Browser, context: BrowserContext) {
    this.#browser = browser;
    this.context = context;
  }

  /** @throws Error when the browser does not start */
  static async open(launch: Launch): Promise<Camera> {
    const browser = await chromium.launch({
      executablePath: launch.executablePath,
      args: [...launch.args, "--hide-scrollbars", "--disable-lcd-text"],
      env: { ...launch.env, TZ: "UTC" },
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    const context = await browser.newContext({
      deviceScaleFactor: 1,
      locale: "en-GB",
      timezoneId: "UTC",
      reducedMotion: "reduce",
      serviceWorkers: "block",
    });
    return new Camera(browser, context);
  }

  /** Sends the token with every request to `origin`, and lets no other request out. */
  async authorize(origin: string, token: string): Promise<void> {
    await this.context.route("**", (route) => {
      const request = route.request();
      if (new URL(request.url()).origin !== origin) return route.abort("blockedbyclient");
      return route.continue({ headers: { ...request.headers(), authorization: `Bearer ${token}` } });
    });
  }

  /** Trades the one-time code of a printed link for a login. False when it is refused; where nobody answers, that shows later. */
  async login(link: string): Promise<boolean> {
    const answer = await this.context.request.get(link, { maxRedirects: 0 }).catch(() => null);
    return answer === null || answer.status() < 400;
  }

  /**
   * Takes a picture once the page says that it is ready.
   * @throws CaptureFailure 1 when the page fails or takes too long
   */
  async take(
    origin: string,
    shot: Shot,
    { size, formats, clock, links }: Settings,
  ): Promise<readonly Exposure[]> {
    const page = await this.#page(shot.theme, size);
    const failed: string[] = [];
    page.on("response", (response) => {
      if (response.status() >= 400) failed.push(`${pathOf(response.url())} answered ${response.status()}`);
    });
    page.on("requestfailed", (request) => failed.push(`${pathOf(request.url())} failed`));
    try {
      await page.goto(`${origin}${shotPath(shot.path, size, clock)}`, {
        waitUntil: "commit",
        timeout: patienceMs,
      });
      const height = await ready(page, size);
      const exposures: Exposure[] = [];
      if (!links) await page.locator("a").evaluateAll(dropLinks);
      for (const format of formats) {
        const bytes =
          format === "png" ? await png(page) : datedPdf(await pdf(page, size.width, height), clock);
        exposures.push({ format, bytes, width: size.width, height });
      }
      return exposures;
    } catch (error) {
      throw new CaptureFailure(1, await whyNot(page, shot, failed, error));
    } finally {
      await page.close().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await this.#browser.close().catch(() => undefined);
  }

  async #page(theme: Theme, { width, height }: Size): Promise<Page> {
    const page = await this.context.newPage();
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: height ?? firstHeight });
    return page;
  }
}

/** Path and query of a page as a picture. */
function shotPath(path: string, size: Size, clock: string | null): string {
  const marks = new URLSearchParams({
    shot: "1",
    ...(size.height === null ? {} : { fixed: "1" }),
    ...(clock === null ? {} : { clock }),
  });
  return `${path}${path.includes("?") ? "&" : "?"}${marks.toString()}`;
}

/** Waits for the page's mark and gives the window the height of the content, or the one that was asked for. Answers it. */
async function ready(page: Page, { width, height }: Size): Promise<number> {
  let current = height ?? firstHeight;
  for (;;) {
    const size = `${width}x${current}`;
    const mark = page.locator(`html[data-shot="failed"], html[data-shot="ready"][data-shot-size="${size}"]`);
    await mark.waitFor({ state: "attached", timeout: patienceMs });
    if ((await mark.getAttribute("data-shot")) === "failed") throw new Error("failed");
    if (height !== null) return height;
    const wanted = Math.min(mostHeight, Number(await mark.getAttribute("data-shot-height")));
    if (!(wanted > 0) || wanted === current) return current;
    await page.setViewportSize({ width, height: wanted });
    current = wanted;
  }
}

function dropLinks(links: readonly Element[]): void {
  for (const link of links) link.removeAttribute("href");
}

function png(page: Page): Promise<Uint8Array> {
  return page.screenshot({ type: "png", animations: "disabled", caret: "hide", scale: "css" });
}

/** One sheet of the picture's size, with the text as text. */
async function pdf(page: Page, width: number, height: number): Promise<Uint8Array> {
  await page.emulateMedia({ media: "screen" });
  return page.pdf({ width: `${width}px`, height: `${height}px`, printBackground: true, pageRanges: "1" });
}

async function whyNot(page: Page, shot: Shot, failed: readonly string[], error: unknown): Promise<string> {
  const html = page.locator("html");
  const note = await html.getAttribute("data-shot-note", { timeout: 1_000 }).catch(() => null);
  const request = failed.at(-1);
  const reason =
    [note, request].filter(Boolean).join("; ") || (error instanceof Error ? error.message : String(error));
  return `${shot.path} gave no picture: ${reason}; open it in a browser to see more`;
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}
