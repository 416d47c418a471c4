import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
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

test("activity is kept beside the pod, or on a claim that has one writer", () => {
  const installed = (...args: string[]) => {
    const { objects } = manifests("--namespace", "tools", "--image", "poolboard", ...args);
    const found = objects.find(({ kind }) => kind === "Deployment");
    return { deployment: JSON.stringify(found), kinds: objects.map(({ kind }) => kind) };
  };
  const plain = installed();
  expect(plain.deployment).toContain('{"name":"POOLBOARD_DATA","value":"/data"}');
  expect(plain.deployment).toContain('{"name":"data","mountPath":"/data"}');
  expect(plain.deployment).toContain('{"name":"data","emptyDir":{"sizeLimit":"1Gi"}}');
  // The container runs as no root, and the folder is to be its own.
  expect(plain.deployment).toContain('"fsGroup":65532');
  expect(plain.deployment).toContain('"replicas":2');
  const claimed = installed("--data-claim", "pool-activity");
  expect(claimed.deployment).toContain('"persistentVolumeClaim":{"claimName":"pool-activity"}');
  expect(claimed.deployment).toContain('"replicas":1,"strategy":{"type":"Recreate"}');
  // It would keep the only replica's node from being drained.
  expect(claimed.kinds).not.toContain("PodDisruptionBudget");
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

describe("where people log in", () => {
  const install = (...args: string[]) =>
    manifests("--namespace", "tools", "--image", "poolboard", ...args).objects;
  const text = (objects: readonly Printed[], kind: string) =>
    JSON.stringify(objects.filter((object) => object.kind === kind));

  test("with a token: writes are theirs, so nothing is read-only, and the account speaks for nobody", () => {
    const objects = install(
      "--auth",
      "oidc",
      "--hosts",
      "pools.example.test",
      "--proxy-peers",
      "10.0.0.0/16",
    );
    const deployment = text(objects, "Deployment");
    expect(deployment).toContain('{"name":"POOLBOARD_AUTH","value":"oidc"}');
    expect(deployment).toContain(
      '"name":"POOLBOARD_SESSION_KEY","valueFrom":{"secretKeyRef":{"name":"poolboard"',
    );
    expect(deployment).toContain('{"name":"POOLBOARD_HOSTS","value":"pools.example.test"}');
    expect(deployment).toContain('{"name":"POOLBOARD_PROXY_PEERS","value":"10.0.0.0/16"}');
    expect(deployment).not.toMatch(/READ_ONLY|ANONYMOUS/);
    expect(text(objects, "ClusterRole")).not.toContain("impersonate");
    expect(text(objects, "ClusterRole")).toContain("poolboard-operator");
    expect(text(objects, "ClusterRoleBinding")).not.toContain("poolboard-operator");
    expect(objects.find(({ kind }) => kind === "Role")).toMatchObject({
      metadata: { name: "poolboard-events", namespace: "default" },
      rules: [{ resources: ["events"], verbs: ["create"] }],
    });
  });

  test("through a proxy: the account speaks for those who are named, and the proxy's namespace is let in", () => {
    const proxy = ["--auth", "proxy", "--proxy-peers", "10.0.0.7", "--proxy-namespace", "ingress"];
    const objects = install(...proxy, "--users", "jane, joe", "--groups", "net");
    const speaker = objects.find(
      ({ kind, metadata }) => kind === "ClusterRole" && metadata.name === "poolboard-speaker",
    );
    expect(speaker?.rules).toEqual([
      { apiGroups: [""], resources: ["users"], resourceNames: ["jane", "joe"], verbs: ["impersonate"] },
      { apiGroups: [""], resources: ["groups"], resourceNames: ["net"], verbs: ["impersonate"] },
    ]);
    expect(text(objects, "Deployment")).toContain(
      '"name":"POOLBOARD_PROXY_SECRET","valueFrom":{"secretKeyRef"',
    );
    expect(text(objects, "NetworkPolicy")).toContain(
      '"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"ingress"}}',
    );
    const alone = install(...proxy, "--users", "jane");
    expect(text(alone, "ClusterRole")).not.toContain('"resources":["groups"]');
  });

  test("pictures are taken with POOLBOARD_TOKEN, and no secret is printed", () => {
    const objects = install("--auth", "oidc", "--capture", "0 6 * * *");
    for (const kind of ["Deployment", "CronJob"]) {
      expect(text(objects, kind)).toContain(
        '{"name":"POOLBOARD_TOKEN","valueFrom":{"secretKeyRef":{"name":"poolboard","key":"token"}}}',
      );
    }
    expect(objects.map(({ kind }) => kind)).not.toContain("Secret");
  });
});

test.each([
  [["--capture", "0 6 * * *"], /name its namespace with --namespace/],
  [["--namespace", "tools", "--capture", "daily"], /"daily" is no schedule/],
  [["--image", "poolboard"], /name its namespace with --namespace/],
  [["--namespace", "Tools"], /"Tools" is not a namespace/],
  [["--namespace", "a\nb"], /is not a namespace/],
  [["--namespace", "tools", "--image", "a b"], /"a b" is not an image/],
  [["--data-claim", "activity"], /name its namespace with --namespace/],
  [["--namespace", "tools", "--data-claim", "A b"], /"A b" is not the name of a claim/],
  [["--role", "viewer"], /unknown flag --role/],
  [["--auth", "oidc"], /name its namespace with --namespace/],
  [["--namespace", "tools", "--auth", "saml"], /no way to log in called "saml"/],
  [["--namespace", "tools", "--hosts", "pools.example"], /--hosts is for people who log in/],
  [["--namespace", "tools", "--auth", "oidc", "--users", "jane"], /are for --auth proxy/],
  [["--namespace", "tools", "--auth", "proxy", "--users", "jane"], /needs --proxy-peers/],
  [["--namespace", "tools", "--auth", "proxy", "--proxy-peers", "10.0.0.7"], /needs .*--users/],
  [
    [
      "--namespace",
      "t",
      "--auth",
      "proxy",
      "--proxy-peers",
      "10.0.0.7",
      "--users",
      "a",
      "--groups",
      "system:masters",
    ],
    /nobody comes through a proxy as "system:masters"/,
  ],
])("%j: one line, exit code 2", (args, message) => {
  const { status, stdout, stderr } = manifests(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});
