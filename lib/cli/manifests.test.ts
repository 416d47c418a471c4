import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";

function manifests(...args: string[]) {
  const program = join(import.meta.dirname, "manifests.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
  return { status, stdout, stderr, objects: parseAllDocuments(stdout).map((each) => each.toJS() as Printed) };
}

interface Printed {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly { readonly verbs: readonly string[]; readonly resources: readonly string[] }[];
  readonly roleRef?: unknown;
  readonly subjects?: unknown;
}

test("prints a viewer that only reads and an operator that reads as much", () => {
  const { status, stdout, objects } = manifests();
  expect(status).toBe(0);
  expect(stdout).toContain("# create a pool\n");
  const [viewer, operator] = objects;
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    "ClusterRole poolboard-viewer",
    "ClusterRole poolboard-operator",
  ]);
  const verbs = new Set(viewer?.rules?.flatMap((rule) => rule.verbs));
  expect([...verbs].sort()).toEqual(["get", "list", "watch"]);
  expect(operator?.rules?.slice(0, viewer?.rules?.length)).toEqual(viewer?.rules);
});

test("no role asks for more than it can name", () => {
  const words = manifests().objects.flatMap(({ rules = [] }) =>
    rules.flatMap((rule) => [...rule.verbs, ...rule.resources]),
  );
  for (const never of ["*", "secrets", "deletecollection", "escalate", "bind", "impersonate"]) {
    expect(words).not.toContain(never);
  }
});

test("an installation binds its own account to the viewer role, in its own namespace", () => {
  const { objects } = manifests("--namespace", "tools", "--image", "registry.example/poolboard@sha256:0a");
  expect(objects.map(({ kind }) => kind)).toEqual([
    "Namespace",
    "ServiceAccount",
    "ClusterRole",
    "ClusterRoleBinding",
    "Deployment",
    "Service",
    "PodDisruptionBudget",
    "NetworkPolicy",
  ]);
  const namespaced = objects.filter(({ kind }) => kind !== "Namespace" && !kind.startsWith("ClusterRole"));
  expect(new Set(namespaced.map(({ metadata }) => metadata.namespace))).toEqual(new Set(["tools"]));
  expect(objects.find(({ kind }) => kind === "ClusterRoleBinding")).toMatchObject({
    roleRef: { kind: "ClusterRole", name: "poolboard-viewer" },
    subjects: [{ kind: "ServiceAccount", name: "poolboard", namespace: "tools" }],
  });
  expect(JSON.stringify(objects)).toContain('"image":"registry.example/poolboard@sha256:0a"');
});

test("pictures on a schedule: their pods reach Poolboard by name, and hold no right", () => {
  const { objects } = manifests("--namespace", "tools", "--image", "poolboard", "--capture", "0 6 * * *");
  const found = (kind: string) => JSON.stringify(objects.find((object) => object.kind === kind));
  const job = found("CronJob");
  expect(job).toContain('"schedule":"0 6 * * *"');
  expect(job).toContain('"args":["--url","http://poolboard:3000","--out","/pictures"');
  expect(job).toContain('"automountServiceAccountToken":false');
  expect(job).toContain('"claimName":"poolboard-capture"');
  expect(found("PersistentVolumeClaim")).toContain('"name":"poolboard-capture"');
  expect(found("Deployment")).toContain('{"name":"POOLBOARD_HOSTS","value":"poolboard:3000"}');
  const letIn = '"podSelector":{"matchLabels":{"app.kubernetes.io/name":"poolboard-capture"}}';
  expect(found("NetworkPolicy")).toContain(letIn);
  expect(job).toContain('"template":{"metadata":{"labels":{"app.kubernetes.io/name":"poolboard-capture"}}');
});

test.each([
  [["--capture", "0 6 * * *"], /name its namespace with --namespace/],
  [["--namespace", "tools", "--capture", "daily"], /"daily" is no schedule/],
  [["--image", "poolboard"], /name its namespace with --namespace/],
  [["--namespace", "Tools"], /"Tools" is not a namespace/],
  [["--namespace", "a\nb"], /is not a namespace/],
  [["--namespace", "tools", "--image", "a b"], /"a b" is not an image/],
  [["--role", "viewer"], /unknown flag --role/],
])("%j: one line, exit code 2", (args, message) => {
  const { status, stdout, stderr } = manifests(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});
