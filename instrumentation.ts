/** Runs once, when Next is ready to serve: begins to read the cluster that the start command has named. */
export async function register(): Promise<void> {
  if (process.env["NEXT_RUNTIME"] !== "nodejs") return;
  const [{ serverConfig }, { startInventory }] = await Promise.all([
    import("./lib/server/config.ts"),
    import("./lib/inventory/registry.ts"),
  ]);
  const config = serverConfig();
  if (config) startInventory(config.connection, { readOnly: config.readOnly });
}
