import { createHash } from "node:crypto";
import type { Format, Theme, View } from "./plan.ts";

/** One finished file. */
export interface Picture {
  readonly file: string;
  readonly view: View;
  readonly pool: string | null;
  readonly theme: Theme;
  readonly format: Format;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** The page: path and query. */
  readonly path: string;
  readonly sha256: string;
}

/** What a set of pictures shows, and when. */
export interface Occasion {
  readonly cluster: string;
  /** Of the kubeconfig; null where Poolboard was there already. */
  readonly context: string | null;
  /** RFC 3339. With `reproducible` the time of the state's last change. */
  readonly time: string;
  /** How old the data was at that time. */
  readonly dataAgeSeconds: number;
  readonly reproducible: boolean;
  /** Of Poolboard. */
  readonly version: string;
  readonly calicoVersion: string | null;
  readonly kubernetesVersion: string | null;
}

export type Manifest = Occasion & { readonly files: readonly Picture[] };

/** `manifest.json`: the keys in one order, one final newline, so that the same content is the same bytes. */
export function manifestText(occasion: Occasion, files: readonly Picture[]): string {
  const { cluster, context, time, dataAgeSeconds, reproducible, version, calicoVersion, kubernetesVersion } =
    occasion;
  const manifest: Manifest = {
    cluster,
    context,
    time,
    dataAgeSeconds,
    reproducible,
    version,
    calicoVersion,
    kubernetesVersion,
    files,
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
