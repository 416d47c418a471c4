import type { Grid } from "./grid.ts";
import { type Content, MapPixels } from "./pixels.ts";

/** The pixels of a whole map as a picture, which is drawn enlarged or reduced in one step: what 262,144 blocks cost the least as. */
export class Texture {
  readonly canvas = document.createElement("canvas");
  private readonly pen = this.canvas.getContext("2d");
  private readonly pixels = new MapPixels();
  private image: ImageData | null = null;

  show(content: Content): void {
    const written = this.pixels.show(content, (grid) => this.resize(grid));
    if (!written || !this.image) return;
    const { x, y, width, height } = written;
    this.pen?.putImageData(this.image, 0, 0, x, y, width, height);
  }

  private resize({ columns, rows }: Grid): Uint32Array<ArrayBuffer> {
    this.canvas.width = columns;
    this.canvas.height = rows;
    this.image = columns * rows === 0 ? null : new ImageData(columns, rows);
    return new Uint32Array(this.image?.data.buffer ?? new ArrayBuffer(0));
  }
}
