import { ProblemError } from "@/lib/server/problem.ts";
import { route, type Endpoint } from "@/lib/server/respond.ts";

const nothing: Endpoint = {
  streams: false,
  run() {
    throw new ProblemError("not-found", "There is nothing at this address.");
  },
};

/** Whatever else is asked for under /api: a problem, not a page. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: nothing,
  POST: nothing,
  PUT: nothing,
  PATCH: nothing,
  DELETE: nothing,
});
