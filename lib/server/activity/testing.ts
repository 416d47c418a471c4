import * as entries from "../../../app/api/v1/activity/route.ts";
import * as entry from "../../../app/api/v1/activity/[id]/route.ts";
import * as undoing from "../../../app/api/v1/activity/[id]/undo/route.ts";
import { type Activity, ActivityList } from "../../contract/activity.ts";
import { pageRequest } from "../testing.ts";

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, body: (await response.json()) as unknown };
}

/** The activity as our page asks for it. `query`: "?kind=IPPool". */
export async function listed(query = ""): Promise<Activity[]> {
  const response = await entries.GET(pageRequest("GET", `/api/v1/activity${query}`), {
    params: Promise.resolve({}),
  });
  return ActivityList.parse(await response.json()).items ?? [];
}

export async function csv(query = ""): Promise<string> {
  const request = pageRequest("GET", `/api/v1/activity?format=csv${query}`);
  return (await entries.GET(request, { params: Promise.resolve({}) })).text();
}

export async function readEntry(id: string): Promise<Answer> {
  const request = pageRequest("GET", `/api/v1/activity/${id}`);
  return answerOf(await entry.GET(request, { params: Promise.resolve({ id }) }));
}

export async function undo(id: string, query = ""): Promise<Answer> {
  const request = pageRequest("POST", `/api/v1/activity/${id}/undo${query}`, { body: "{}" });
  return answerOf(await undoing.POST(request, { params: Promise.resolve({ id }) }));
}
