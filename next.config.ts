import type { NextConfig } from "next";
import { baseHeaders } from "./lib/server/headers.ts";

const config: NextConfig = {
  // Where the start command has put a finished build; `next build` itself always writes to .next.
  distDir: process.env["POOLBOARD_BUILD"] ?? ".next",
  poweredByHeader: false,
  reactStrictMode: true,
  // Without it Next looks for lockfiles above the project, and warns when it finds one.
  turbopack: { root: import.meta.dirname },
  images: { unoptimized: true },
  productionBrowserSourceMaps: false,
  // The redirect would leave without our headers.
  skipTrailingSlashRedirect: true,
  // Types are checked by `tsc` in the test run, once, for everything.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ["@kubernetes/client-node", "undici", "pino"],
  headers: async () => [
    { source: "/:path*", headers: Object.entries(baseHeaders).map(([key, value]) => ({ key, value })) },
  ],
};

export default config;
