import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from "playwright-core";
import { findBrowser } from "../browser.ts";
import { installProbe } from "./page-probe.ts";

const viewport = { width: 1440, height: 900 };

export async function openBrowser(): Promise<Browser> {
  const { executablePath, args, env } = await findBrowser();
  return chromium.launch({ executablePath, args: [...args], env });
}

/** A visitor of `url` whose browser has nothing of it yet. */
export async function newVisitor(browser: Browser, url: string): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport, baseURL: url });
  await context.addInitScript(installProbe);
  return context;
}

/** A page with what the browser says of its work and its memory. */
export class Measured {
  readonly page: Page;
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.#session = session;
  }

  static async open(context: BrowserContext, path: string): Promise<Measured> {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    await page.goto(path, { waitUntil: "commit" });
    return new Measured(page, session);
  }

  /** Milliseconds that the main thread worked so far: script, style, layout, paint. */
  async worked(): Promise<number> {
    const { metrics } = await this.#session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1000;
  }

  /** Bytes that its scripts still reach. */
  async heap(): Promise<number> {
    await this.#session.send("HeapProfiler.collectGarbage");
    return (await this.#session.send("Runtime.getHeapUsage")).usedSize;
  }
}
