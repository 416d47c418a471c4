import { fromSecret } from "./login.ts";
import type { Manifest } from "./manifest.ts";

/** Pictures on a schedule, of the Poolboard of the same namespace. */
export interface Capture {
  readonly namespace: string;
  readonly image: string;
  /** As cron writes it: "0 6 * * *". */
  readonly schedule: string;
  /** Where Poolboard answers in its namespace: "poolboard:3000". */
  readonly service: string;
  /** Nobody looks there without a login: the pictures are of what the service account of Poolboard sees. */
  readonly logsIn: boolean;
}

const name = "poolboard-capture";

/** Of the pods that take pictures; the installation's network policy lets these in. */
export const captureLabels = { "app.kubernetes.io/name": name };

/**
 * A CronJob that runs `npm run capture` against the Service, and the volume its pictures stay on. It has no right in the cluster:
 * it sees what everybody sees who reaches the Service, or with `logsIn` what POOLBOARD_TOKEN shows.
 */
export function captureManifests(capture: Capture): readonly Manifest[] {
  const { namespace, schedule } = capture;
  const metadata = { name, namespace, labels: captureLabels };
  return [
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata,
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
    {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata,
      spec: {
        schedule,
        concurrencyPolicy: "Forbid",
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          spec: {
            backoffLimit: 1,
            activeDeadlineSeconds: 1800,
            template: { metadata: { labels: captureLabels }, spec: podSpec(capture) },
          },
        },
      },
    },
  ];
}

function podSpec({ image, service, logsIn }: Capture) {
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      fsGroup: 65532,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name,
        image,
        command: ["/nodejs/bin/node", "lib/cli/capture.ts"],
        args: ["--url", `http://${service}`, "--out", "/pictures", "--theme", "light,dark"],
        // The browser is unpacked there, and keeps its profile there.
        env: [
          ...["HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"].map((each) => ({ name: each, value: "/tmp" })),
          ...(logsIn ? [fromSecret("POOLBOARD_TOKEN", "token")] : []),
        ],
        resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { cpu: "2", memory: "1Gi" } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [
          { name: "pictures", mountPath: "/pictures" },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "pictures", persistentVolumeClaim: { claimName: name } },
      { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
    ],
  };
}
