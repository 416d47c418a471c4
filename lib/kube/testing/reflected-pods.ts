import { onTestFinished } from "vitest";
import type { KubeLog } from "../log.ts";
import type { ReflectorOptions } from "../reflector-options.ts";
import { Reflector } from "../reflector.ts";
import type { ReflectorState } from "../reflector-state.ts";
import { get } from "../request.ts";
import { FakeClock, until } from "./fake-clock.ts";
import { FaultServer, type Exchange } from "./fault-server.ts";
import { connect, pod, podList, pods } from "./fixtures.ts";

export interface SlimPod {
  readonly name: string;
  readonly uid: string;
  readonly node: string;
}

/** A started reflector of pods against a fault server, with a consumer that keeps its own copy from the callbacks alone. */
export async function reflectPods(more: Partial<ReflectorOptions<SlimPod>> = {}) {
  const clock = new FakeClock();
  const server = await FaultServer.start();
  onTestFinished(() => server.stop());
  const logged: string[] = [];
  const note = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log: KubeLog = { info() {}, warn: note, error: note };
  const connection = await connect(server, { clock, log });
  const copy = new Map<string, SlimPod>();
  const states: ReflectorState[] = [];
  const lists: { count: number; epoch: number }[] = [];
  /** Since the last list. */
  const changes: string[] = [];
  const exits: number[] = [];
  const reflector = new Reflector<SlimPod>({
    connection,
    resource: pods,
    random: () => 0.5,
    project: slimPod,
    onPut: (values) => {
      for (const value of values) {
        changes.push(`${copy.has(value.name) ? "modified" : "added"} default/${value.name}`);
        copy.set(value.name, value);
      }
    },
    onRemove: (gone) => {
      for (const { namespace, name } of gone) {
        changes.push(`deleted ${namespace}/${name}`);
        copy.delete(name);
      }
    },
    onListed: ({ epoch }) => {
      lists.push({ count: copy.size, epoch });
      changes.length = 0;
    },
    onState: (state) => states.push(state),
    exit: (code) => exits.push(code),
    ...more,
  });
  onTestFinished(() => reflector.stop());
  // After a break the reflector asks whether the server still knows what it knows. Here it does.
  server.answer = (exchange) => {
    const [any] = copy.values();
    if (any === undefined || !reflector.synced || exchange.isWatch || exchange.query.get("limit") !== "1")
      return false;
    exchange.json(podList([pod(any.name, 999_999_999, any)], 1_000_000_000));
    return true;
  };
  reflector.start();
  const names = () => [...copy.keys()].toSorted();

  return {
    clock,
    server,
    connection,
    reflector,
    states,
    lists,
    changes,
    exits,
    logged,
    names,
    copy,
    /** Answers the next request, which must be a list, and hands out the watch that follows it, opened. */
    async live(
      items: readonly unknown[] = [pod("a", 5), pod("b", 7)],
      version: string | number = 10,
    ): Promise<Exchange> {
      (await nextList(server)).json(podList(items, version));
      const watch = await nextWatch(server);
      watch.open();
      await until(() => reflector.state.status === "live");
      return watch;
    },
    /** Lets time pass in a healthy cluster: every ten seconds a probe is asked and answered. */
    async elapse(minutes: number): Promise<void> {
      for (let tens = 0; tens < minutes * 6; tens += 1) {
        clock.advance(10_000);
        await until(() => clock.pending().includes(10_000));
      }
    },
    /** Waits until the reflector waits for exactly this long, then lets that time pass. */
    async pass(ms: number): Promise<void> {
      await until(() => clock.pending().includes(ms));
      clock.advance(ms);
    },
  };
}

export function slimPod(raw: unknown): SlimPod {
  const metadata = get(raw, "metadata");
  return {
    name: String(get(metadata, "name")),
    uid: String(get(metadata, "uid")),
    node: String(get(get(raw, "spec"), "nodeName")),
  };
}

export async function nextList(server: FaultServer): Promise<Exchange> {
  const exchange = await server.next();
  if (exchange.isWatch || exchange.path !== "/api/v1/pods")
    throw new Error(`expected a list, got ${exchange.path}`);
  return exchange;
}

export async function nextWatch(server: FaultServer): Promise<Exchange> {
  const exchange = await server.next();
  if (!exchange.isWatch) throw new Error("expected a watch, got a list");
  return exchange;
}
