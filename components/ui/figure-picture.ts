/** Device pixels a CSS pixel of a picture. */
export const pictureScale = 2;

/** Around the figure, in CSS pixels. */
const margin = 24;

/** No browser draws a canvas longer than this; a longer figure is drawn smaller. */
const longestSide = 16_000;

/** Controls are not part of a picture; heads that sort and legends that filter are text in it. */
const leftOut = [
  "[data-noshot]",
  ".mantine-Button-root",
  ".mantine-ActionIcon-root",
  ".mantine-SegmentedControl-root",
  ".mantine-InputWrapper-root",
];

/**
 * A PNG of the figure on the ground of its theme with the stamp below it: twice the pixels of the screen. Both elements must be
 * laid out; the stamp may lie outside the window.
 */
export async function takePicture(figure: HTMLElement, stamp: HTMLElement): Promise<Blob> {
  const { snapdom } = await import("@zumer/snapdom");
  const box = figure.getBoundingClientRect();
  const foot = stamp.getBoundingClientRect();
  const width = box.width + margin * 2;
  const height = box.height + foot.height + margin * 2;
  const scale = Math.min(pictureScale, longestSide / Math.max(width, height));
  const options = { scale, dpr: 1, embedFonts: true, invalidate: true };
  const upper = await snapdom.toCanvas(figure, { ...options, exclude: leftOut, excludeMode: "hide" });
  const lower = await snapdom.toCanvas(stamp, options);

  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser gives no canvas to draw on.");
  context.fillStyle = groundOf(figure);
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(upper, Math.round(margin * scale), Math.round(margin * scale));
  context.drawImage(lower, Math.round(margin * scale), Math.round((margin * 2 + box.height) * scale));
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture is empty."))), "image/png");
  });
}

function groundOf(element: HTMLElement): string {
  return getComputedStyle(element).getPropertyValue("--pb-bg").trim() || "#ffffff";
}

/** What has been asked of React is on the screen: effects have run, and a frame was drawn after them. */
export function drawn(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
}
