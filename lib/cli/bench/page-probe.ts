/** What the page case puts into a page before its own code runs: it looks at every frame and tells when something was there. */
interface Probe {
  /** Milliseconds from the start of the document until the frame in which `name` was seen has been painted. */
  seen(name: SightName): Promise<number>;
  /** After the next frame is on its way to the screen. */
  painted(): Promise<void>;
  /** Watches from now on for a click or key, and then for that; `told` has the milliseconds from one to the other. */
  watch(name: SightName): void;
  told: Promise<number>;
  /** Scrolls through a long list, so many pixels in each of so many frames; the time of each frame. */
  scroll(frames: number, pixels: number): Promise<readonly number[]>;
}

export type SightName = "rows" | "map" | "otherCount";

declare global {
  var probe: Probe;
}

/** Runs in the page; nothing from outside of it is known there. */
export function installProbe(): void {
  const main = () => document.querySelector("main");
  const count = () => main()?.querySelector("h1 + span")?.textContent ?? null;
  let countBefore: string | null = null;
  const sights: Record<SightName, () => boolean> = {
    rows: () => main()?.querySelector("tbody tr:not([aria-hidden]) td") != null,
    map: () => [...document.querySelectorAll("canvas")].some(isDrawn),
    otherCount: () => count() !== null && count() !== countBefore,
  };

  /** A picture of 8 × 8 says so: reading the whole canvas would cost more than what is measured. */
  function isDrawn(canvas: HTMLCanvasElement): boolean {
    if (canvas.width === 0 || canvas.height === 0) return false;
    const small = new OffscreenCanvas(8, 8).getContext("2d");
    small?.drawImage(canvas, 0, 0, 8, 8);
    return small?.getImageData(0, 0, 8, 8).data.some((value) => value > 0) ?? false;
  }

  const nextAction = () =>
    new Promise<number>((resolve) => {
      const begin = () => {
        removeEventListener("pointerdown", begin, true);
        removeEventListener("keydown", begin, true);
        resolve(performance.now());
      };
      addEventListener("pointerdown", begin, true);
      addEventListener("keydown", begin, true);
    });

  const nextFrame = () => new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));

  /** The frame is handed to the screen after its callbacks; what is posted in one runs then. */
  async function painted(): Promise<void> {
    await nextFrame();
    const { port1, port2 } = new MessageChannel();
    await new Promise<void>((resolve) => {
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    });
  }

  /** NaN where it is not there after ten seconds. */
  async function when(name: SightName): Promise<number> {
    const until = performance.now() + 10_000;
    while (!sights[name]()) {
      if (performance.now() > until) return Number.NaN;
      await nextFrame();
    }
    await painted();
    return performance.now();
  }

  globalThis.probe = {
    painted,
    seen: when,
    told: Promise.resolve(Number.NaN),
    watch(name) {
      countBefore = count();
      const begun = nextAction();
      globalThis.probe.told = begun.then(async (from) => {
        await nextFrame();
        return (await when(name)) - from;
      });
    },
    async scroll(frames, pixels) {
      const took: number[] = [];
      let last = performance.now();
      for (let frame = 0; frame < frames; frame += 1) {
        scrollBy(0, pixels);
        await nextFrame();
        const now = performance.now();
        took.push(now - last);
        last = now;
      }
      return took;
    },
  };
}
