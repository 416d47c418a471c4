import {
  atomic,
  anything,
  at,
  atKeep,
  flag,
  int32,
  int64,
  intOrText,
  keyed,
  list,
  message,
  quantities,
  quantity,
  text,
  texts,
} from "../build.ts";
import type { Schema } from "../schema.ts";
import { securityContext } from "./security.ts";

const keySelector = (what: string): Schema =>
  message(
    `One key of a ${what}.`,
    {
      key: at(2, text("The key.")),
      name: at([1, 1], text(`Name of the ${what}.`)),
      optional: atKeep(3, flag("May be missing.")),
    },
    { required: ["key"], "x-kubernetes-map-type": "atomic" },
  );

const allKeys = (what: string): Schema =>
  message(`All keys of a ${what}.`, {
    name: at([1, 1], text(`Name of the ${what}.`)),
    optional: atKeep(2, flag("May be missing.")),
  });

export const fieldReference: Schema = message(
  "A field of the pod.",
  {
    apiVersion: at(1, text("Version of the schema that the path is written for.", { default: "v1" })),
    fieldPath: at(2, text("Path of the field.")),
  },
  { required: ["fieldPath"], "x-kubernetes-map-type": "atomic" },
);

export const resourceReference: Schema = message(
  "A limit or request of a container.",
  {
    containerName: at(1, text("The container.")),
    divisor: at(3, quantity("Unit in which it is given.")),
    resource: at(2, text("The limit or request.")),
  },
  { required: ["resource"], "x-kubernetes-map-type": "atomic" },
);

const environment = keyed(
  "Environment variables.",
  "name",
  message(
    "One variable.",
    {
      name: at(1, text("Name of the variable.")),
      value: at(2, text("Its value; $(NAME) refers to earlier ones.")),
      valueFrom: at(
        3,
        message("Where the value comes from.", {
          configMapKeyRef: at(3, keySelector("config map")),
          fieldRef: at(1, fieldReference),
          resourceFieldRef: at(2, resourceReference),
          secretKeyRef: at(4, keySelector("secret")),
        }),
      ),
    },
    { required: ["name"] },
  ),
);

const environmentSources = list(
  "Objects whose keys become variables.",
  message("One object.", {
    configMapRef: at(2, allKeys("config map")),
    prefix: at(1, text("Put before each name.")),
    secretRef: at(3, allKeys("secret")),
  }),
  atomic,
);

const command = message("A command run in the container.", {
  command: at(1, texts("Program and arguments.", atomic)),
});

const httpGet = message(
  "An HTTP request.",
  {
    host: at(3, text("Host to ask; the pod when absent.")),
    httpHeaders: at(
      5,
      list(
        "Headers.",
        message(
          "One header.",
          { name: at(1, text("Name.")), value: at(2, text("Value.")) },
          { required: ["name", "value"] },
        ),
        atomic,
      ),
    ),
    path: at(1, text("Path to ask for.")),
    port: at(2, intOrText("Port, by number or name.")),
    scheme: at(4, text("HTTP or HTTPS.", { default: "HTTP" })),
  },
  { required: ["port"] },
);

const tcpSocket = message(
  "A TCP connection.",
  { host: at(2, text("Host; the pod when absent.")), port: at(1, intOrText("Port, by number or name.")) },
  { required: ["port"] },
);

const grpc = message(
  "A gRPC health request.",
  { port: at(1, int32("Port.")), service: atKeep(2, text("Service to ask about.")) },
  { required: ["port"] },
);

const probe = (description: string): Schema =>
  message(description, {
    exec: at([1, 1], command),
    failureThreshold: at(6, int32("Failures in a row that count.", { default: 3 })),
    grpc: at([1, 4], grpc),
    httpGet: at([1, 2], httpGet),
    initialDelaySeconds: at(2, int32("Seconds before the first probe.")),
    periodSeconds: at(4, int32("Seconds between probes.", { default: 10 })),
    successThreshold: at(5, int32("Successes in a row that count.", { default: 1 })),
    tcpSocket: at([1, 3], tcpSocket),
    terminationGracePeriodSeconds: atKeep(7, int64("Seconds to end after a failure.")),
    timeoutSeconds: at(3, int32("Seconds until a probe fails.", { default: 1 })),
  });

const hook = (description: string): Schema =>
  message(description, {
    exec: at(1, command),
    httpGet: at(2, httpGet),
    sleep: at(4, message("Wait.", { seconds: at(1, int64("Seconds to wait.")) }, { required: ["seconds"] })),
    tcpSocket: at(3, tcpSocket),
  });

const ports = keyed(
  "Ports that the container listens on.",
  "containerPort",
  message(
    "One port.",
    {
      containerPort: at(3, int32("Port in the pod.")),
      hostIP: at(5, text("Address of the node it is bound to.")),
      hostPort: at(2, int32("Port of the node.")),
      name: at(1, text("Name of the port.")),
      protocol: at(4, text("TCP, UDP or SCTP.", { default: "TCP" })),
    },
    { required: ["containerPort"] },
  ),
  { "x-kubernetes-list-map-keys": ["containerPort", "protocol"] },
);

export const resources: Schema = message("What the container needs and may use.", {
  claims: at(
    3,
    keyed(
      "Claims of devices.",
      "name",
      message(
        "One claim.",
        { name: at(1, text("Name of the claim.")), request: at(2, text("Part of the claim.")) },
        { required: ["name"] },
      ),
    ),
  ),
  limits: at(1, quantities("Most that it may use.")),
  requests: at(2, quantities("Least that it needs.")),
});

/** One container of a pod. */
export const container: Schema = message(
  "One container.",
  {
    args: at(4, texts("Arguments.", atomic)),
    command: at(3, texts("Program; the image's own when absent.", atomic)),
    env: at(7, environment),
    envFrom: at(19, environmentSources),
    image: at(2, text("Image to run.")),
    imagePullPolicy: at(14, text("Always, IfNotPresent or Never.")),
    lifecycle: at(
      12,
      message("What happens after its start and before its end.", {
        postStart: at(1, hook("Run after the start.")),
        preStop: at(2, hook("Run before the end.")),
        stopSignal: atKeep(3, text("Signal that ends it.")),
      }),
    ),
    livenessProbe: at(10, probe("Restart the container when this fails.")),
    name: at(1, text("Name, unique in the pod.")),
    ports: at(6, ports),
    readinessProbe: at(11, probe("No traffic while this fails.")),
    resizePolicy: at(23, list("What a change of resources needs.", anything("For one resource."), atomic)),
    resources: at(8, { ...resources, default: {} }),
    restartPolicy: atKeep(24, text("Always makes an init container run beside the others.")),
    securityContext: at(15, securityContext),
    startupProbe: at(22, probe("Other probes wait for this.")),
    stdin: at(16, flag("Keep standard input open.")),
    stdinOnce: at(17, flag("Close standard input after the first use.")),
    terminationMessagePath: at(
      13,
      text("File with the container's last words.", { default: "/dev/termination-log" }),
    ),
    terminationMessagePolicy: at(20, text("File or FallbackToLogsOnError.", { default: "File" })),
    tty: at(18, flag("Give it a terminal.")),
    volumeDevices: at(
      21,
      keyed(
        "Block devices.",
        "devicePath",
        message(
          "One device.",
          { devicePath: at(2, text("Path in the container.")), name: at(1, text("Volume.")) },
          { required: ["devicePath", "name"] },
        ),
      ),
    ),
    volumeMounts: at(
      9,
      keyed(
        "Volumes and where they appear.",
        "mountPath",
        message(
          "One mount.",
          {
            mountPath: at(3, text("Path in the container.")),
            mountPropagation: atKeep(5, text("How mounts spread.")),
            name: at(1, text("Volume.")),
            readOnly: at(2, flag("No writing.")),
            recursiveReadOnly: atKeep(7, text("No writing below either.")),
            subPath: at(4, text("Part of the volume.")),
            subPathExpr: at(6, text("Part of the volume, with variables.")),
          },
          { required: ["mountPath", "name"] },
        ),
      ),
    ),
    workingDir: at(5, text("Directory it starts in.")),
  },
  { required: ["name"] },
);
