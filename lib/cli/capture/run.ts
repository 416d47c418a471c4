import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Camera } from "../../capture/camera.ts";
import { CaptureFailure } from "../../capture/failure.ts";
import { Folder } from "../../capture/folder.ts";
import { type Occasion, type Picture, sha256 } from "../../capture/manifest.ts";
import { fileName, plan } from "../../capture/plan.ts";
import { Poolboard, type State } from "../../capture/poolboard.ts";
import { findBrowser } from "../browser.ts";
import type { Options } from "./options.ts";
import { checkSource, type Endings, openSource } from "./source.ts";

/**
 * Takes every picture and answers the line that sums it up. What it starts ends with `endings`.
 * @throws CaptureFailure
 */
export async function capture(options: Options, endings: Endings, interrupted: AbortSignal): Promise<string> {
  await checkSource(options.source);
  const folder = await Folder.open(options.out);
  const opening = openSource(options, endings);
  // Without a browser that is what is said, whatever else goes wrong.
  opening.catch(() => undefined);
  const camera = await openCamera();
  endings.add(() => camera.close());
  const { link, named, hasContext } = await opening;
  const token = options.source.kind === "url" ? process.env["POOLBOARD_TOKEN"] || null : null;
  if (link.pathname === "/login" && !(await camera.login(link.href))) {
    throw new CaptureFailure(
      2,
      `the link of ${named} lets nobody in any more; start Poolboard again for another`,
    );
  }
  if (token !== null) await camera.authorize(link.origin, token);
  const poolboard = new Poolboard(link.origin, named, token, camera.context.request);
  const state = await poolboard.settled(interrupted);
  const shots = plan(options, await chosenPools(options, poolboard));
  const clock = options.reproducible ? (state.lastChange ?? new Date(0).toISOString()) : null;

  await folder.begin();
  const pictures: Picture[] = [];
  let count = 0;
  for (const shot of shots) {
    const { size, formats, source } = options;
    const settings = { size, formats, clock, links: source.kind === "url" };
    const exposures = await camera.take(link.origin, shot, settings).catch(async (error: unknown) => {
      // When the cluster is gone, that is why.
      await poolboard.state();
      throw error;
    });
    for (const { format, bytes, width, height } of exposures) {
      const file = fileName(shot, width, height, format);
      await folder.write(file, bytes);
      pictures.push({ file, ...shot, format, width, height, sha256: sha256(bytes) });
    }
    count += 1;
    process.stderr.write(`${count} of ${shots.length}: ${pictures.at(-1)?.file ?? shot.path}\n`);
  }
  const after = await poolboard.state();
  if (options.reproducible && after.lastChange !== state.lastChange) {
    process.stderr.write(
      "The cluster changed meanwhile: these pictures are not of one state. Take them again.\n",
    );
  }
  await folder.finish(await occasion(state, { clock, context: hasContext }), pictures);
  return `${pictures.length} pictures of ${state.cluster.name}: ${join(options.out, "index.html")}\n`;
}

async function openCamera(): Promise<Camera> {
  try {
    return await Camera.open(await findBrowser());
  } catch (error) {
    const [first = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    const reason = first.replace(/^browserType\.launch: /, "");
    throw new CaptureFailure(
      4,
      `no browser can be started (${reason}); set CHROME_PATH to a Chromium or Chrome`,
    );
  }
}

/** The pools whose maps are taken, after making sure that there are such. */
async function chosenPools({ views, pools }: Options, poolboard: Poolboard): Promise<readonly string[]> {
  if (!views.includes("map") && pools === null) return [];
  const known = await poolboard.pools();
  if (known === null) {
    process.stderr.write("Pools may not be read: maps are taken only of those that --pools names.\n");
    return pools ?? [];
  }
  const unknown = pools?.find((name) => !known.includes(name));
  if (unknown === undefined) return pools ?? known;
  const some = known.slice(0, 10).join(", ");
  const there = known.length === 0 ? "there is none" : `choose from ${some}${known.length > 10 ? ", …" : ""}`;
  throw new CaptureFailure(2, `there is no pool "${unknown}"; ${there}`);
}

async function occasion(
  { cluster, ageMs }: State,
  { clock, context }: { clock: string | null; context: boolean },
): Promise<Occasion> {
  const file = join(import.meta.dirname, "..", "..", "..", "package.json");
  const { version } = JSON.parse(await readFile(file, "utf8")) as { version: string };
  return {
    cluster: cluster.name,
    context: context ? cluster.name : null,
    time: clock ?? new Date().toISOString(),
    dataAgeSeconds: clock === null ? Math.round(ageMs / 1000) : 0,
    reproducible: clock !== null,
    version,
    calicoVersion: cluster.calico.version,
    kubernetesVersion: cluster.kubernetesVersion,
  };
}
