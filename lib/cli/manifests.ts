import { checkNamespace } from "../kube/paths.ts";
import { runCommand, UsageError } from "./args.ts";
import { inCluster, operatorRole, viewerRole } from "./manifests/objects.ts";
import { printManifests } from "./manifests/print.ts";

const command = {
  name: "npm run manifests",
  summary:
    "Prints YAML for kubectl: the viewer and the operator role, or with --namespace all that an installation in the cluster needs.",
  flags: {
    namespace: { value: "NAME", help: "where to install; it is made too" },
    image: { value: "IMAGE", help: "what to run there, best by digest (poolboard); needs --namespace" },
    capture: {
      value: "SCHEDULE",
      help: 'take pictures then, as cron writes it: "0 6 * * *"; needs --namespace',
    },
  },
  notes: [
    "npm run --silent manifests > roles.yaml",
    "npm run --silent manifests -- --namespace poolboard --image registry.example/poolboard@sha256:… | kubectl apply -f -",
  ],
} as const;

await runCommand(command, process.argv.slice(2), async ({ namespace, image, capture }) => {
  if (image !== undefined && namespace === undefined) {
    throw new UsageError("--image is for an installation; name its namespace with --namespace");
  }
  if (image !== undefined && !/^[\w][\w./:@-]*$/.test(image)) {
    throw new UsageError(
      `"${image}" is not an image; write it as registry/name:tag or registry/name@sha256:…`,
    );
  }
  if (capture !== undefined && namespace === undefined) {
    throw new UsageError("--capture is for an installation; name its namespace with --namespace");
  }
  if (capture !== undefined && !/^(@\w+|\S+( +\S+){4})$/.test(capture.trim())) {
    throw new UsageError(`"${capture}" is no schedule; write it as cron does, as in --capture "0 6 * * *"`);
  }
  const manifests =
    namespace === undefined
      ? [viewerRole, operatorRole]
      : inCluster({
          namespace: readNamespace(namespace),
          image: image ?? "poolboard",
          capture: capture?.trim() ?? null,
        });
  process.stdout.write(printManifests(manifests));
});

function readNamespace(name: string): string {
  try {
    return checkNamespace(name);
  } catch {
    throw new UsageError(
      `"${name}" is not a namespace; use at most 63 lower-case letters, digits and dashes, as in --namespace poolboard`,
    );
  }
}
