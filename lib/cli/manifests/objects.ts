import { operatorRules, type PolicyRule, viewerRules } from "../../server/roles.ts";
import { captureLabels, captureManifests } from "./capture.ts";
import { eventRole, fromSecret, type Login, loginEnv, speakerRole } from "./login.ts";
import type { Manifest } from "./manifest.ts";

/** Reads all that Poolboard shows, and may change nothing. */
export const viewerRole = clusterRole("poolboard-viewer", viewerRules);

/** Reads, and does what Poolboard's buttons do. */
export const operatorRole = clusterRole("poolboard-operator", [...viewerRules, ...operatorRules]);

function clusterRole(name: string, rules: readonly PolicyRule[]): Manifest {
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules };
}

const name = "poolboard";
const labels = { "app.kubernetes.io/name": name };
const port = 3000;
const service = `${name}:${port}`;
const fromCapture = { from: [{ podSelector: { matchLabels: captureLabels } }], ports: [{ port }] };

/** An image and where it is to run. */
export interface Installation {
  readonly namespace: string;
  readonly image: string;
  /** When pictures are taken, as cron writes it; null: never. */
  readonly capture: string | null;
  /** How people come under their own names; null: nobody does, and whoever reaches it may look. */
  readonly login: Login | null;
  /** The PersistentVolumeClaim that activity is kept on; null: it lives as long as its pod. */
  readonly dataClaim: string | null;
}

/**
 * All that an installation in the cluster consists of: two equal replicas (one where activity is kept on a claim) that read with the viewer role and write with the
 * rights of whoever logs in; where nobody does they refuse every write. Only the node of a replica reaches it (`kubectl
 * port-forward` comes from there), and the namespace of the proxy in front of it. With `capture` the pods that take the pictures
 * reach it too, by the name of the Service.
 */
export function inCluster({
  namespace,
  image,
  capture,
  login,
  dataClaim,
}: Installation): readonly Manifest[] {
  const metadata = { name, namespace, labels };
  const account = { kind: "ServiceAccount", name, namespace };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: restricted } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    viewerRole,
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: `${name}-${namespace}`, labels },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: viewerRole.metadata.name },
      subjects: [account],
    },
    ...(login === null ? [] : [operatorRole, ...eventRole(account), ...speakerRole(login, account)]),
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        // A file on a volume has one writer; without a volume each replica keeps its own.
        ...(dataClaim === null ? { replicas: 2 } : { replicas: 1, strategy: { type: "Recreate" } }),
        selector: { matchLabels: labels },
        template: podTemplate({ image, login, dataClaim, takesPictures: capture !== null }),
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: labels, ports: [{ name: "http", port, targetPort: "http" }] },
    },
    ...(dataClaim === null
      ? [
          {
            apiVersion: "policy/v1",
            kind: "PodDisruptionBudget",
            metadata,
            spec: { minAvailable: 1, selector: { matchLabels: labels } },
          },
        ]
      : []),
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata,
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ["Ingress"],
        ingress: [...(capture === null ? [] : [fromCapture]), ...fromProxy(login)],
      },
    },
    ...(capture === null
      ? []
      : captureManifests({ namespace, image, schedule: capture, service, logsIn: login !== null })),
  ];
}

/** The namespace whose pods stand in front of it. */
function fromProxy(login: Login | null) {
  if (!login?.proxyNamespace) return [];
  const matchLabels = { "kubernetes.io/metadata.name": login.proxyNamespace };
  return [{ from: [{ namespaceSelector: { matchLabels } }], ports: [{ port }] }];
}

const openToAll = [
  { name: "READ_ONLY", value: "1" },
  { name: "ALLOW_ANONYMOUS_VIEW", value: "1" },
];

const restricted = { "pod-security.kubernetes.io/enforce": "restricted" };

interface PodInit extends Pick<Installation, "image" | "login" | "dataClaim"> {
  readonly takesPictures: boolean;
}

const dataFolder = "/data";

function podTemplate({ image, login, dataClaim, takesPictures }: PodInit) {
  const names = [...(takesPictures ? [service] : []), ...(login?.hosts ?? [])];
  const probe = (path: string) => ({ httpGet: { path, port: "http" } });
  return {
    metadata: { labels },
    spec: {
      serviceAccountName: name,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 20,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        runAsGroup: 65532,
        fsGroup: 65532,
        seccompProfile: { type: "RuntimeDefault" },
      },
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: labels },
        },
      ],
      containers: [
        {
          name,
          image,
          args: ["--in-cluster", "--host", "0.0.0.0", "--port", String(port)],
          env: [
            ...(login === null ? openToAll : loginEnv(login)),
            ...(login !== null && takesPictures ? [fromSecret("POOLBOARD_TOKEN", "token")] : []),
            ...(names.length === 0 ? [] : [{ name: "POOLBOARD_HOSTS", value: names.join(",") }]),
            { name: "POOLBOARD_DATA", value: dataFolder },
            { name: "NODE_OPTIONS", value: "--max-old-space-size=384" },
          ],
          ports: [{ name: "http", containerPort: port }],
          livenessProbe: probe("/healthz"),
          readinessProbe: probe("/readyz"),
          // Loading the pages takes a few seconds; a restart meanwhile would only begin that again.
          startupProbe: { ...probe("/healthz"), periodSeconds: 2, failureThreshold: 60 },
          resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "512Mi" } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          volumeMounts: [
            { name: "tmp", mountPath: "/tmp" },
            { name: "data", mountPath: dataFolder },
          ],
        },
      ],
      volumes: [
        { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } },
        {
          name: "data",
          ...(dataClaim === null
            ? { emptyDir: { sizeLimit: "1Gi" } }
            : { persistentVolumeClaim: { claimName: dataClaim } }),
        },
      ],
    },
  };
}
