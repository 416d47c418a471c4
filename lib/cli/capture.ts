import { runCommand } from "./args.ts";
import { command, readOptions } from "./capture/options.ts";
import { Endings } from "./capture/source.ts";

const endings = new Endings();
const interruption = new AbortController();

await runCommand(command, process.argv.slice(2), async (values) => {
  const options = readOptions(values);
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.once(signal, () => interrupt(code));
  }
  process.once("disconnect", () => interrupt(143));
  process.channel?.unref();
  try {
    // The browser's library takes a while to load; what is wrong with the command line is said before.
    const { capture } = await import("./capture/run.ts");
    process.stdout.write(await capture(options, endings, interruption.signal));
  } catch (error) {
    // What fails because everything is being ended is no news.
    if (interruption.signal.aborted) await new Promise(() => {});
    throw error;
  } finally {
    if (!interruption.signal.aborted) await endings.run();
  }
  process.exit(0);
});

function interrupt(code: number): void {
  interruption.abort();
  // Nothing may keep the process longer than that, whatever hangs.
  setTimeout(() => process.exit(code), 8_000).unref();
  void endings.run().finally(() => process.exit(code));
}
