import { logOut } from "@/lib/server/login.ts";
import { route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  { POST: { streams: false, run: logOut } },
  "anyone",
);
