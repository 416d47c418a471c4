import * as clusterRoute from "../../../app/api/v1/cluster/route.ts";
import * as eventsRoute from "../../../app/api/v1/events/route.ts";
import * as poolRoute from "../../../app/api/v1/pools/[name]/route.ts";
import * as poolsRoute from "../../../app/api/v1/pools/route.ts";
import { onTestFinished } from "vitest";
import { record } from "../../calico/reading.ts";
import { pageRequest, testToken } from "../testing.ts";

const authorization = { authorization: `Bearer ${testToken}` };

export interface Seen {
  readonly status: number;
  /** Of the data, as the page is told. */
  readonly ageMs: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a viewer is answered. */
export async function see(what: "cluster" | "pools"): Promise<Seen> {
  const { GET } = what === "cluster" ? clusterRoute : poolsRoute;
  return seen(await GET(pageRequest("GET", `/api/v1/${what}`, { headers: authorization }), context({})));
}

/** The version a viewer holds of a pool and a click on its switch. */
export async function seePool(name: string): Promise<Seen> {
  return seen(
    await poolRoute.GET(
      pageRequest("GET", `/api/v1/pools/${name}`, { headers: authorization }),
      context({ name }),
    ),
  );
}

export async function switchPool(
  name: string,
  body: { uid: unknown; resourceVersion: unknown; disabled: boolean },
): Promise<Seen> {
  const request = pageRequest("PATCH", `/api/v1/pools/${name}`, {
    headers: authorization,
    body: JSON.stringify(body),
  });
  return seen(await poolRoute.PATCH(request, context({ name })));
}

/** The names of the events that a viewer's stream has brought so far. */
export async function watchEvents(): Promise<readonly string[]> {
  const closing = new AbortController();
  const request = pageRequest("GET", "/api/v1/events", { headers: authorization });
  const response = await eventsRoute.GET(new Request(request, { signal: closing.signal }), context({}));
  const names: string[] = [];
  const done = (async () => {
    let text = "";
    for await (const chunk of response.body ?? []) {
      text += new TextDecoder().decode(chunk as Uint8Array);
      const frames = text.split("\n\n");
      text = frames.pop() ?? "";
      for (const frame of frames) names.push(/^event: (.*)$/m.exec(frame)?.[1] ?? "");
    }
  })().catch(() => {});
  onTestFinished(async () => {
    closing.abort();
    await done;
  });
  return names;
}

function context(params: Record<string, unknown>) {
  return { params: Promise.resolve(params) };
}

async function seen(response: Response): Promise<Seen> {
  return {
    status: response.status,
    ageMs: Number(response.headers.get("x-poolboard-age-ms")),
    body: record(await response.json()),
  };
}
