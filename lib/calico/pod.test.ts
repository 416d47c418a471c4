import { expect, test } from "vitest";
import { isFinished, podIps, poolAnnotations, sandboxFailureText } from "./pod.ts";

const annotated = (annotations: object): object => ({ metadata: { annotations } });

const addresses: readonly [string, unknown, string[]][] = [
  [
    "podIPs of the status",
    { status: { podIP: "10.0.0.9", podIPs: [{ ip: "10.0.0.1" }, { ip: "fd00::1" }] } },
    ["10.0.0.1", "fd00::1"],
  ],
  ["podIP of the status", { status: { podIP: "10.0.0.9", podIPs: [] } }, ["10.0.0.9"]],
  [
    "the plugin's annotations",
    annotated({ "cni.projectcalico.org/podIPs": "10.64.0.65/32,fd00:10:64::41/128" }),
    ["10.64.0.65", "fd00:10:64::41"],
  ],
  ["the older annotation", annotated({ "cni.projectcalico.org/podIP": "10.64.0.65/32" }), ["10.64.0.65"]],
  [
    "a released pod",
    annotated({ "cni.projectcalico.org/podIPs": "", "cni.projectcalico.org/podIP": "" }),
    [],
  ],
  ["nothing", null, []],
];

test.each(addresses)("addresses from %s", (_name, pod, ips) => {
  expect(podIps(pod)).toEqual(ips);
});

test.each([
  [{ status: { phase: "Succeeded" } }, true],
  [{ status: { phase: "Failed" } }, true],
  [{ status: { phase: "Running" } }, false],
  [{ metadata: { annotations: { "cni.projectcalico.org/podIP": "" } } }, false],
  [{ metadata: { deletionTimestamp: "t", annotations: { "cni.projectcalico.org/podIP": "" } } }, true],
  [{ metadata: { deletionTimestamp: "t", annotations: {} } }, false],
])("%o is finished: %s", (pod, finished) => {
  expect(isFinished(pod)).toBe(finished);
});

test("pool annotations are raw text, empty ones absent", () => {
  const metadata = {
    annotations: { "cni.projectcalico.org/ipv4pools": '["a"]', "cni.projectcalico.org/ipv6pools": "" },
  };
  expect(poolAnnotations(metadata)).toEqual({ 4: '["a"]', 6: null });
  expect(poolAnnotations(undefined)).toEqual({ 4: null, 6: null });
});

const text = "the given pool (10.64.0.0/20) does not exist, or is not enabled";
test.each([
  `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "bd": plugin type="calico" failed (add): ${text}`,
  `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create pod network sandbox k8s_web_shop_0a_0(bd): error adding pod shop_web to CNI network "k8s-pod-network": plugin type="calico" failed (add): ${text}`,
  `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create pod network sandbox k8s_web_shop_0a_0(bd): error adding pod shop_web to CNI network "k8s-pod-network": ${text}`,
  `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "bd": ${text}`,
  `(combined from similar events): Failed to create pod sandbox: x: plugin type="portmap" failed (add): y: plugin type="calico" failed (add): ${text}\n`,
  text,
])("Calico's words are cut out of %s", (message) => {
  expect(sandboxFailureText(message)).toBe(text);
});
