import { ObjectName } from "../contract/common.ts";
import { checkNamespace } from "../kube/paths.ts";
import { type FlagValues, runCommand, UsageError } from "./args.ts";
import { inCluster, operatorRole, viewerRole } from "./manifests/objects.ts";
import type { Login } from "./manifests/login.ts";
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
    "data-claim": {
      value: "NAME",
      help: "keep activity on this PersistentVolumeClaim, with one replica (as long as its pod lives); needs --namespace",
    },
    auth: {
      value: "HOW",
      help: "people come under their own names: oidc or proxy, as npm start has it (nobody: read-only)",
    },
    hosts: { value: "NAMES", help: "names under which people reach it, with --auth" },
    "proxy-peers": { value: "CIDRS", help: "addresses of the proxies in front of it, with --auth" },
    "proxy-namespace": {
      value: "NAME",
      help: "where these run: the network policy lets them in, with --auth",
    },
    users: { value: "NAMES", help: "who may come through the proxy, with --auth proxy" },
    groups: { value: "NAMES", help: "as members of which groups, with --auth proxy" },
  },
  notes: [
    "npm run --silent manifests > roles.yaml",
    "npm run --silent manifests -- --namespace poolboard --image registry.example/poolboard@sha256:… | kubectl apply -f -",
    "With --auth a Secret named poolboard is to be made by hand in that namespace: session-key for oidc, proxy-secret for proxy, and token for --capture.",
  ],
} as const;

await runCommand(command, process.argv.slice(2), async (values) => {
  const { namespace, image, capture } = values;
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
  const claim = values["data-claim"];
  if (claim !== undefined && namespace === undefined) {
    throw new UsageError("--data-claim is for an installation; name its namespace with --namespace");
  }
  if (claim !== undefined && !ObjectName.safeParse(claim).success) {
    throw new UsageError(`"${claim}" is not the name of a claim; use lower-case letters, digits and dashes`);
  }
  const login = readLogin(values);
  const manifests =
    namespace === undefined
      ? [viewerRole, operatorRole]
      : inCluster({
          namespace: readNamespace(namespace),
          image: image ?? "poolboard",
          capture: capture?.trim() ?? null,
          login,
          dataClaim: claim ?? null,
        });
  process.stdout.write(printManifests(manifests));
});

function readLogin(values: FlagValues<typeof command.flags>): Login | null {
  const { auth: how, namespace } = values;
  const list = (flag: "hosts" | "proxy-peers" | "users" | "groups") =>
    (values[flag] ?? "")
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== "");
  const own = values["proxy-namespace"];
  const login = {
    hosts: list("hosts"),
    proxyPeers: list("proxy-peers"),
    users: list("users"),
    groups: list("groups"),
  };
  if (how === undefined) {
    const flag = ["hosts", "proxy-peers", "proxy-namespace", "users", "groups"].find(
      (each) => each in values,
    );
    if (flag !== undefined) throw new UsageError(`--${flag} is for people who log in; say how with --auth`);
    return null;
  }
  if (namespace === undefined) {
    throw new UsageError("--auth is for an installation; name its namespace with --namespace");
  }
  if (how !== "oidc" && how !== "proxy") {
    throw new UsageError(`there is no way to log in called "${how}"; use --auth oidc or proxy`);
  }
  if (how === "oidc" && login.users.length + login.groups.length > 0) {
    throw new UsageError("--users and --groups are for --auth proxy; with oidc everybody brings a token");
  }
  if (how === "proxy" && (login.users.length === 0 || login.proxyPeers.length === 0)) {
    throw new UsageError(
      "--auth proxy needs --proxy-peers, where it comes from, and --users, for whom it may speak; their groups go to --groups",
    );
  }
  const system = [...login.users, ...login.groups].find((each) => /^system:/i.test(each));
  if (system !== undefined) {
    throw new UsageError(`nobody comes through a proxy as "${system}"; leave it out`);
  }
  return { how, ...login, proxyNamespace: own === undefined ? null : readNamespace(own) };
}

function readNamespace(name: string): string {
  try {
    return checkNamespace(name);
  } catch {
    throw new UsageError(
      `"${name}" is not a namespace; use at most 63 lower-case letters, digits and dashes, as in --namespace poolboard`,
    );
  }
}
