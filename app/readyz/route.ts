import { lifecycle } from "@/lib/server/lifecycle.ts";
import { ProblemError } from "@/lib/server/problem.ts";
import { route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  {
    GET: {
      streams: false,
      run({ inventory }) {
        if (lifecycle() === "stopping") throw new ProblemError("stopping", "It is ending.");
        if (!inventory || inventory.phase.status === "starting")
          throw new ProblemError("starting", "Not yet.");
        return new Response("ok\n");
      },
    },
  },
  "probe",
);
