import { describe, expect, test } from "vitest";
import type { Pod } from "../kube-objects.ts";
import { runningStatus, waitingStatus } from "./pod-status.ts";

const now = Date.parse("2026-11-24T10:00:00Z");
const pod: Pod = {
  metadata: {
    name: "nginx",
    namespace: "a",
    uid: "u",
    resourceVersion: "1",
    creationTimestamp: "2026-11-24T09:00:00Z",
  },
  spec: { containers: [{ name: "nginx", image: "nginx" }] },
  status: {
    startTime: "2026-11-24T09:00:01Z",
    conditions: [{ type: "PodScheduled", status: "True", lastTransitionTime: "2026-11-24T09:00:00Z" }],
  },
};

describe("pod status", () => {
  test("without a sandbox the containers wait as ContainerCreating", () => {
    expect(waitingStatus({ pod, hostIp: "10.250.12.185", now })).toMatchObject({
      phase: "Pending",
      hostIP: "10.250.12.185",
      podIP: null,
      startTime: "2026-11-24T09:00:01Z",
      containerStatuses: [
        { name: "nginx", ready: false, state: { waiting: { reason: "ContainerCreating" } } },
      ],
      conditions: [
        { type: "PodReadyToStartContainers", status: "False" },
        { type: "Initialized", status: "True" },
        { type: "Ready", status: "False", message: "containers with unready status: [nginx]" },
        { type: "ContainersReady", status: "False" },
        { type: "PodScheduled", status: "True", lastTransitionTime: "2026-11-24T09:00:00Z" },
      ],
    });
  });

  test("running: addresses, conditions, the image as the runtime names it", () => {
    const status = runningStatus(
      { pod, hostIp: "10.250.12.185", now },
      ["10.64.0.64", "fd00::1"],
      () => "abc",
    );
    expect(status).toMatchObject({
      phase: "Running",
      podIP: "10.64.0.64",
      podIPs: [{ ip: "10.64.0.64" }, { ip: "fd00::1" }],
      containerStatuses: [
        {
          image: "docker.io/library/nginx:latest",
          containerID: "containerd://abc",
          ready: true,
          started: true,
        },
      ],
    });
    expect(status.conditions.every((condition) => condition.status === "True")).toBe(true);
  });

  test.each([
    ["nginx:1.29", "docker.io/library/nginx:1.29"],
    ["calico/node", "docker.io/calico/node:latest"],
    ["registry.example:5000/app", "registry.example:5000/app:latest"],
    ["quay.io/calico/node:v3.32.1", "quay.io/calico/node:v3.32.1"],
  ])("image %s", (image, expected) => {
    const one = { ...pod, spec: { containers: [{ name: "c", image }] } };
    expect(runningStatus({ pod: one, hostIp: null, now }, [], () => "x").containerStatuses).toMatchObject([
      { image: expected },
    ]);
  });
});
