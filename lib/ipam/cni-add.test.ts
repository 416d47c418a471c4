import { describe, expect, test } from "vitest";
import { parseCidr } from "./cidr.ts";
import { planCniDel } from "./release.ts";
import { readPool } from "../recordings/stored.ts";
import { add, emptyCluster, START } from "../recordings/requests.ts";

const SECOND = 1_000_000_000n;
const cidr = (text: string) => parseCidr(text).cidr;

describe("dual stack", () => {
  const pools = [
    readPool("four", { cidr: "10.64.0.0/30", blockSize: 30 }),
    readPool("six", { cidr: "fd00::/126", blockSize: 126 }),
  ];

  test("a shortfall of IPv6 gives the IPv4 address back", () => {
    const reservations = [{ name: "all6", cidrs: [cidr("fd00::/120")] }];
    const plan = add({ ...emptyCluster(...pools), reservations }, "node-a", "web-0", { families: [4, 6] });
    expect(plan.error).toBe(
      "failed to request IPv6 addresses: Assigned 0 out of 1 requested IPv6 addresses; No IPs available in pools: [fd00::/126]",
    );
    expect(plan.ips).toEqual([]);
    expect(plan.after.blocks.get("10.64.0.0/30")?.queue).toEqual([1, 2, 3, 0]);
    expect(plan.after.handles.size).toBe(0);
  });

  test("an error of IPv6 leaves the IPv4 address to the DEL", () => {
    const plan = add(emptyCluster(...pools.slice(0, 1)), "node-a", "web-0", { families: [4, 6] });
    expect(plan.error).toBe("cannot find a qualified ippool");
    expect(plan.after.handles.size).toBe(1);
    const deleted = planCniDel(
      plan.after,
      { handle: "k8s-pod-network.web-0", namespace: "shop", pod: "web-0" },
      { now: START + SECOND, nodeLabels: () => ({}) },
    );
    expect(deleted.after.handles.size).toBe(0);
  });
});
