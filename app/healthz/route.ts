import { route } from "@/lib/server/respond.ts";

/** The process is alive: that this answers is the answer. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  { GET: { streams: false, run: () => new Response("ok\n") } },
  "probe",
);
