import { execFile, spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "./api/server.ts";
import type { JsonObject } from "./store/json.ts";

const hasKubectl = spawnSync("kubectl", ["version", "--client"]).status === 0;

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let server: ApiServer;
let folder = "";

function kubectlArguments(line: readonly string[]): string[] {
  return ["--kubeconfig", path.join(folder, "config"), "--cache-dir", path.join(folder, "cache"), ...line];
}

/** Runs kubectl; `input` is its standard input. */
function kubectl(line: readonly string[], input?: JsonObject | string): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile("kubectl", kubectlArguments(line), (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err });
    });
    child.stdin?.end(typeof input === "object" ? JSON.stringify(input) : (input ?? ""));
  });
}

/** Standard output of a command that must succeed, with runs of spaces narrowed to one. */
async function ok(line: readonly string[], input?: JsonObject | string): Promise<string> {
  const { code, out, err } = await kubectl(line, input);
  expect({ code, err }).toMatchObject({ code: 0 });
  return out.replace(/ +/g, " ").replace(/ $/gm, "");
}

async function refused(line: readonly string[], input?: JsonObject | string): Promise<string> {
  const { code, err } = await kubectl(line, input);
  expect(code).not.toBe(0);
  return err.trim();
}

const words = (text: string): string[] => text.split(" ");

const pool = (name: string, spec: JsonObject): JsonObject => ({
  apiVersion: "crd.projectcalico.org/v1",
  kind: "IPPool",
  metadata: { name },
  spec,
});

const web = (image: string, replicas: number, env: string[] = []): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", labels: { app: "web" } },
  spec: {
    replicas,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image, env: env.map((name) => ({ name, value: "1" })) }] },
    },
  },
});

describe.skipIf(!hasKubectl)("kubectl (not on the PATH: skipped)", () => {
  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-"));
    server = await startApiServer();
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "sim", cluster: { server: server.url } }],
      contexts: [{ name: "sim", context: { cluster: "sim", user: "sim" } }],
      users: [{ name: "sim", user: {} }],
      "current-context": "sim",
    };
    fs.writeFileSync(path.join(folder, "config"), JSON.stringify(config));
    server.seed([
      {
        apiVersion: "v1",
        kind: "Node",
        metadata: { name: "n1", labels: { "node-role.kubernetes.io/control-plane": "" } },
        spec: { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] },
        status: {
          conditions: [{ type: "Ready", status: "True" }],
          addresses: [{ type: "InternalIP", address: "10.250.12.184" }],
          nodeInfo: { kubeletVersion: "v1.36.3", architecture: "amd64", kernelVersion: "6.1" },
        },
      },
    ]);
  });

  afterAll(async () => {
    await server.close();
    fs.rmSync(folder, { recursive: true });
  });

  test("api-resources, api-versions, version", async () => {
    const resources = await ok(["api-resources"]);
    for (const line of [
      "deployments deploy apps/v1 true Deployment",
      "ippools crd.projectcalico.org/v1 false IPPool",
      "pods po v1 true Pod",
      "installations operator.tigera.io/v1 false Installation",
    ]) {
      expect(resources).toContain(`${line}\n`);
    }
    expect(await ok(["api-versions"])).toContain("crd.projectcalico.org/v1\n");
    expect(await ok(["version"])).toContain("Server Version: v1.36.3");
  });

  test("create: namespaces, deployments, pools, config maps, services, service accounts", async () => {
    expect(await ok(words("create ns external-ns"))).toBe("namespace/external-ns created\n");
    expect(await ok(words("create deployment app --image=nginx:1.25 --replicas=0 -n external-ns"))).toBe(
      "deployment.apps/app created\n",
    );
    expect(await ok(words("get deployment app -n external-ns -o jsonpath={.spec.replicas}"))).toBe("0");
    expect(
      await ok(words("create -f -"), pool("external-pool", { cidr: "10.64.0.0/20", vxlanMode: "Always" })),
    ).toBe("ippool.crd.projectcalico.org/external-pool created\n");
    expect(await ok(words("create cm c --from-literal=a=b -n external-ns"))).toBe("configmap/c created\n");
    expect(await ok(words("create sa robot -n external-ns"))).toBe("serviceaccount/robot created\n");
    expect(await ok(words("create svc clusterip s --tcp=80:8080 -n external-ns"))).toBe(
      "service/s created\n",
    );
    expect(await ok(words("get svc,cm,sa -n external-ns"))).toMatch(
      /service\/s ClusterIP 10\.96\.0\.10 <none> 80\/TCP \d+s\n[^]*configmap\/c 1 [^]*serviceaccount\/robot \d+s/,
    );
    expect(await refused(words("create ns external-ns"))).toBe(
      'Error from server (AlreadyExists): namespaces "external-ns" already exists',
    );
  });

  test("a List is created whole; a kind that is not served is named", async () => {
    const items = [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "listed" } },
      pool("listed", { cidr: "10.66.0.0/20" }),
    ];
    const list = { apiVersion: "v1", kind: "List", items };
    expect(await ok(words("create -f -"), list)).toBe(
      "namespace/listed created\nippool.crd.projectcalico.org/listed created\n",
    );
    await ok(words("delete -f - --wait=false"), list);
    const other = { ...pool("v3", { cidr: "10.67.0.0/20" }), apiVersion: "projectcalico.org/v3" };
    expect(await refused(words("create -f -"), other)).toContain(
      'no matches for kind "IPPool" in version "projectcalico.org/v3"',
    );
  });

  test("run, and get in every output", async () => {
    expect(await ok(words('run late --image=nginx:1.25 --overrides={"spec":{"nodeName":"n1"}}'))).toBe(
      "pod/late created\n",
    );
    const status = {
      status: {
        phase: "Running",
        podIP: "10.64.0.1",
        podIPs: [{ ip: "10.64.0.1" }],
        conditions: [{ type: "Ready", status: "True" }],
        containerStatuses: [{ name: "late", ready: true, restartCount: 0, state: { running: {} } }],
      },
    };
    await ok(["patch", "pod", "late", "--subresource=status", "--type=merge", "-p", JSON.stringify(status)]);
    expect(await ok(words("get pods"))).toMatch(
      /^NAME READY STATUS RESTARTS AGE\nlate 1\/1 Running 0 \d+s\n$/,
    );
    expect(await ok(words("get pods -o wide"))).toMatch(
      /^NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE READINESS GATES\nlate 1\/1 Running 0 \d+s 10\.64\.0\.1 n1 <none> <none>\n$/,
    );
    expect(await ok(words("get pods -o name"))).toBe("pod/late\n");
    expect(await ok(words("get pod late -o custom-columns=N:.metadata.name,IP:.status.podIP"))).toBe(
      "N IP\nlate 10.64.0.1\n",
    );
    expect(await ok(words("get pod late -o yaml"))).toContain(" restartPolicy: Always\n");
    const listed: unknown = JSON.parse(await ok(words("get pods -A -o json")));
    expect(listed).toMatchObject({ kind: "List", items: [{ kind: "Pod", metadata: { name: "late" } }] });
    expect(await ok(words("get pods --field-selector spec.nodeName=n1 --no-headers"))).toMatch(/^late /);
    expect(await ok(words("get nodes -o wide"))).toMatch(
      /n1 Ready control-plane \d+s v1\.36\.3 10\.250\.12\.184 <none> <unknown> 6\.1 \(amd64\) <unknown>\n/,
    );
    expect(await ok(words("get ippools"))).toMatch(/^NAME AGE\nexternal-pool \d+s\n$/);
    expect(await refused(words("get pod nosuch"))).toBe(
      'Error from server (NotFound): pods "nosuch" not found',
    );
    expect(await refused(words("get nosuch"))).toBe(
      'error: the server doesn\'t have a resource type "nosuch"',
    );
  });

  test("describe pods, nodes, namespaces, pools; events", async () => {
    const uid = await ok(words("get pod late -o jsonpath={.metadata.uid}"));
    const event: JsonObject = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "late.1", namespace: "default" },
      involvedObject: { apiVersion: "v1", kind: "Pod", name: "late", namespace: "default", uid },
      reason: "FailedCreatePodSandBox",
      message: "Failed to create pod sandbox",
      type: "Warning",
      count: 3,
      source: { component: "kubelet", host: "n1" },
      firstTimestamp: new Date().toISOString(),
      lastTimestamp: new Date().toISOString(),
    };
    await ok(words("create -f -"), event);
    const pod = await ok(words("describe pod late"));
    expect(pod).toContain("Node: n1/\n");
    expect(pod).toMatch(/IP: 10\.64\.0\.1\n/);
    expect(pod).toMatch(
      /Warning FailedCreatePodSandBox \d+s \(x3 over \d+s\) kubelet Failed to create pod sandbox/,
    );
    expect(await ok(words("describe node n1"))).toMatch(
      /Non-terminated Pods: \(1 in total\)[^]*default late/,
    );
    expect(await ok(words("describe ns external-ns"))).toContain("Status: Active");
    expect(await ok(words("describe ippool external-pool"))).toContain("Cidr: 10.64.0.0/20\n");
    expect(await ok(words("get events"))).toMatch(
      /\d+s Warning FailedCreatePodSandBox pod\/late Failed to create pod sandbox\n/,
    );
  });

  test("annotate and label, also on conditions", async () => {
    const pools = 'cni.projectcalico.org/ipv4pools=["external-pool"]';
    expect(await ok(["annotate", "namespace", "external-ns", pools])).toBe(
      "namespace/external-ns annotated\n",
    );
    expect(await ok(["get", "ns", "external-ns", "-o", "jsonpath={.metadata.annotations}"])).toBe(
      '{"cni.projectcalico.org/ipv4pools":"[\\"external-pool\\"]"}',
    );
    expect(
      await refused(["annotate", "namespace", "external-ns", "cni.projectcalico.org/ipv4pools=[]"]),
    ).toContain("--overwrite is false but found the following declared annotation");
    expect(await ok(words("label ns external-ns team=a"))).toBe("namespace/external-ns labeled\n");
    expect(await ok(words("get ns -l team=a -o name"))).toBe("namespace/external-ns\n");
    expect(await ok(["annotate", "ns", "external-ns", "cni.projectcalico.org/ipv4pools-"])).toBe(
      "namespace/external-ns annotated\n",
    );
    expect(await refused(words("label ns external-ns team=b --overwrite --resource-version=1"))).toContain(
      "Conflict",
    );
  });

  test("apply: create, change, nothing to do, diff, and what is taken out", async () => {
    expect(await ok(words("apply -f -"), web("nginx:1", 2, ["A", "B"]))).toBe(
      "deployment.apps/web created\n",
    );
    expect(await ok(words("apply -f -"), web("nginx:1", 2, ["A", "B"]))).toBe(
      "deployment.apps/web unchanged\n",
    );
    const { code, out } = await kubectl(words("diff -f -"), web("nginx:2", 2, ["A"]));
    expect(code).toBe(1);
    expect(out).toMatch(/-\s+image: nginx:1\n\+\s+image: nginx:2\n/);
    expect(await ok(words("apply -f -"), web("nginx:2", 2, ["A"]))).toBe("deployment.apps/web configured\n");
    const env = "jsonpath={.spec.template.spec.containers[0].env[*].name}";
    expect(await ok(["get", "deploy", "web", "-o", env])).toBe("A");
    expect(await ok(words("apply -f - --dry-run=server"), web("nginx:3", 2))).toBe(
      "deployment.apps/web configured (server dry run)\n",
    );
  });

  test("apply --server-side, with a conflict and by force", async () => {
    expect(await ok(words("apply --server-side -f -"), pool("ssa", { cidr: "10.70.0.0/16" }))).toBe(
      "ippool.crd.projectcalico.org/ssa serverside-applied\n",
    );
    await ok(["patch", "ippool", "ssa", "--type=merge", "-p", '{"spec":{"disabled":true}}']);
    const wish = pool("ssa", { cidr: "10.70.0.0/16", disabled: false });
    expect(await refused(words("apply --server-side -f -"), wish)).toContain(
      'error: Apply failed with 1 conflict: conflict with "kubectl-patch" using crd.projectcalico.org/v1: .spec.disabled',
    );
    await ok(words("apply --server-side --force-conflicts -f -"), wish);
    expect(await ok(words("get ippool ssa -o jsonpath={.spec.disabled}"))).toBe("false");
  });

  test("patch in its kinds, and what Calico's rules refuse", async () => {
    const patch = (type: string, text: string) => [
      "patch",
      "ippool",
      "external-pool",
      `--type=${type}`,
      "-p",
      text,
    ];
    expect(await ok(patch("merge", '{"spec":{"disabled":true}}'))).toBe(
      "ippool.crd.projectcalico.org/external-pool patched\n",
    );
    expect(await ok(patch("merge", '{"spec":{"disabled":true}}'))).toBe(
      "ippool.crd.projectcalico.org/external-pool patched (no change)\n",
    );
    expect(await ok(patch("json", '[{"op":"remove","path":"/spec/disabled"}]'))).toContain("patched");
    expect(await refused(patch("strategic", '{"spec":{"disabled":true}}'))).toContain(
      "application/strategic-merge-patch+json is not supported by crd.projectcalico.org/v1, Kind=IPPool",
    );
    expect(await refused(patch("merge", '{"spec":{"cidr":"10.65.0.0/20"}}'))).toBe(
      'The IPPool "external-pool" is invalid: spec.cidr: Invalid value: "10.65.0.0/20": CIDR cannot be changed; follow IP pool migration guide to avoid corruption.',
    );
    expect(await refused(patch("merge", '{"spec":{"ipipMode":"Always"}}'))).toBe(
      'The IPPool "external-pool" is invalid: spec: Forbidden: ipipMode and vxlanMode cannot both be enabled',
    );
    const strategic =
      '{"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"C","value":"3"}]}]}}}}';
    await ok(["patch", "deploy", "web", "-p", strategic]);
    const env = "jsonpath={.spec.template.spec.containers[0].env[*].name}";
    expect(await ok(["get", "deploy", "web", "-o", env])).toBe("C A");
  });

  test("bad input: unknown fields, wrong types, rules, not YAML", async () => {
    expect(await refused(words("create -f -"), pool("bad", { cidr: "10.80.0.0/16", foo: 1 }))).toBe(
      'Error from server (BadRequest): error when creating "STDIN": IPPool in version "v1" cannot be handled as a IPPool: strict decoding error: unknown field "spec.foo"',
    );
    expect(await refused(words("create -f -"), pool("bad", { cidr: "ten" }))).toMatch(
      /^The IPPool "bad" is invalid: \n\* spec\.cidr: Invalid value: "ten": spec\.cidr in body must be of type cidr: "ten"\n/,
    );
    const number = web("nginx", 1);
    expect(
      await refused(words("create -f -"), {
        ...number,
        spec: { ...(number["spec"] as JsonObject), replicas: "x" },
      }),
    ).toContain(
      "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
    );
    expect(await refused(words("create -f -"), "a: [")).toContain(
      "error parsing STDIN: error converting YAML to JSON",
    );
    expect(await refused(words("get ippool bad"))).toContain("NotFound");
  });

  test("scale, set image, expose, cordon, taint", async () => {
    expect(await ok(words("scale deployment web --replicas=5"))).toBe("deployment.apps/web scaled\n");
    expect(await refused(words("scale deployment web --replicas=1 --current-replicas=2"))).toContain(
      "Expected replicas to be 2, was 5",
    );
    expect(await ok(words("get deploy web"))).toMatch(
      /^NAME READY UP-TO-DATE AVAILABLE AGE\nweb 0\/5 0 0 \d+s\n$/,
    );
    expect(await ok(words("set image deploy/web web=nginx:9"))).toBe("deployment.apps/web image updated\n");
    expect(await ok(words("expose deploy web --port=80"))).toBe("service/web exposed\n");
    await ok(words("cordon n1"));
    expect(await ok(words("get node n1 --no-headers"))).toMatch(/^n1 Ready,SchedulingDisabled /);
    await ok(words("uncordon n1"));
    await ok(words("taint node n1 gpu=yes:NoSchedule"));
    expect(await ok(["get", "node", "n1", "-o", "jsonpath={.spec.taints[*].key}"])).toBe(
      "gpu node-role.kubernetes.io/control-plane",
    );
  });

  test("explain: the kind, a field, everything below", async () => {
    const kind = await ok(words("explain ippools.spec"));
    expect(kind).toContain("GROUP: crd.projectcalico.org\nKIND: IPPool\nVERSION: v1\n");
    expect(kind).toMatch(/cidr\t<string> -required-\n The range of the pool/);
    expect(kind).toMatch(/vxlanMode\t<string>\n enum: Never, Always, CrossSubnet\n/);
    expect(await ok(words("explain pod.spec.nodeName"))).toContain("Node the pod is bound to.");
    expect(await ok(words("explain deployment.spec.template.spec.containers.ports.containerPort"))).toContain(
      "<integer>",
    );
    expect(await ok(words("explain ipamblocks --recursive"))).toMatch(
      /\n allocations\t<\[\]integer> -required-\n/,
    );
    expect(await refused(words("explain pod.nosuch"))).toContain('field "nosuch" does not exist');
  });

  test("auth can-i, whoami, tokens", async () => {
    expect(await ok(words("auth can-i create ippools"))).toBe("yes\n");
    expect(await ok(words("auth whoami"))).toContain("Username kubernetes-admin");
    expect((await ok(words("create token robot -n external-ns"))).trim()).toMatch(/^[\w-]{20,}$/);
  });

  test("get -w shows what happens while it looks", async () => {
    const child = spawn("kubectl", kubectlArguments(words("get cm -n external-ns -w -o name")));
    let seen = "";
    const until = (text: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!seen.includes(text)) return;
          child.stdout.off("data", look);
          resolve();
        };
        child.stdout.on("data", look);
        look();
      });
    child.stdout.on("data", (chunk: Buffer) => (seen += chunk.toString()));
    await until("configmap/c\n");
    await ok(words("create cm d -n external-ns"));
    await until("configmap/d\n");
    await ok(words("delete cm c -n external-ns"));
    await until("configmap/c\nconfigmap/d\nconfigmap/c\n");
    child.kill();
  });

  test("delete: by name, by label, with what belongs to it, a namespace with all in it", async () => {
    expect(await ok(words("delete pod late --grace-period=0 --force"))).toContain('pod "late" force deleted');
    expect(await ok(words("delete ippool external-pool ssa"))).toMatch(
      /ippool.crd.projectcalico.org "external-pool" deleted/,
    );
    expect(await ok(words("delete deploy -l app=web"))).toMatch(/deployment.apps "web" deleted/);
    expect(await ok(words("delete svc web --dry-run=server"))).toContain("(server dry run)");
    expect(await ok(words("delete ns external-ns --timeout=20s"))).toMatch(/namespace "external-ns" deleted/);
    expect(await ok(words("get deploy,sa,cm -n external-ns"))).toBe("");
    expect(await refused(words("run x --image=x -n external-ns"))).toContain(
      'namespaces "external-ns" not found',
    );
  });
});
