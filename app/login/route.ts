import * as z from "zod/mini";
import { isKnown } from "@/lib/server/identity.ts";
import { sessionCookie } from "@/lib/server/identity/cookies.ts";
import { openSession } from "@/lib/server/identity/link.ts";
import { parseQuery } from "@/lib/server/input.ts";
import { ProblemError } from "@/lib/server/problem.ts";
import { route } from "@/lib/server/respond.ts";

const LoginQuery = z.strictObject({ code: z.string().check(z.maxLength(128)) });

/** The link that the start command prints: its code becomes a cookie, once, and the browser goes to the first page. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  {
    GET: {
      // A HEAD request must not use up the code.
      streams: true,
      async run({ request, config }) {
        const { code } = parseQuery(new URL(request.url), LoginQuery);
        const session = openSession(code);
        if (session === null) {
          // Whoever reloads the link is in already.
          if (await isKnown(request, config))
            return new Response(null, { status: 303, headers: { Location: "/" } });
          throw new ProblemError(
            "unauthenticated",
            "This link has been used before. To get another, start the server again.",
          );
        }
        return new Response(null, {
          status: 303,
          headers: { Location: "/", "Set-Cookie": sessionCookie(request, session) },
        });
      },
    },
  },
  "anyone",
);
