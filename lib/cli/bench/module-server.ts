import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..", "..");

/** Node says once that taking types out is experimental; whoever runs a bench can do nothing about it. */
function withoutTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Serves the project's modules to a browser on loopback, their types taken out, and a page that runs `entry` of them. */
export async function servePage(
  entry: string,
): Promise<{ readonly url: string; readonly end: () => Promise<void> }> {
  const page = `<!doctype html><meta charset="utf-8"><body>
<script type="importmap">{ "imports": { "@/": "/" } }</script>
<script type="module">import "/${entry}";</script>`;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    if (path === "/") {
      response.setHeader("Content-Type", "text/html");
      response.end(page);
      return;
    }
    readFile(join(root, path), "utf8")
      .then((source) => {
        response.setHeader("Content-Type", "text/javascript");
        response.end(withoutTypes(source));
      })
      .catch(() => {
        response.statusCode = 404;
        response.end();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    end: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
