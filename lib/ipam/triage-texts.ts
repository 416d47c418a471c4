import type { Fix, Triage, TriageFacts, TriageRule } from "./triage.ts";
import { nodeWords, podWords } from "./triage-words.ts";

/** Rules whose cause needs little more than the pod. `{node}`, `{pod}`, `{Pod}` and `{1}`… stand for the facts and for groups of the pattern. */
type Text = readonly [pattern: RegExp, code: string, cause: string, ...fixes: (string | Fix)[]];

const wait = "Wait: the kubelet tries again";

const exactIp: readonly Text[] = [
  [
    /^The provided IP address is not in a configured pool$/,
    "ip-outside-pools",
    "The address that {pod} asks for (annotation ipAddrs) lies in no enabled pool.",
    "Change the annotation ipAddrs of the pod",
  ],
  [
    /^IP address (\S+) is in IP pool "([^"]*)", which is not allowed for use "Workload" \(allowedUses: \[(.*)\]\)$/,
    "ip-wrong-use",
    "{Pod} asks for {1}. {2} holds it and gives addresses for {3} only.",
    "Change the annotation ipAddrs of the pod",
  ],
  [
    /^resource already exists: (\S+) with error: Address already assigned in block$/,
    "ip-taken",
    "{Pod} asks for {1}, which is in use or cooling down.",
    "Change the annotation ipAddrs of the pod",
  ],
  [
    /^Block host affinity does not match$/,
    "ip-other-node",
    "The address that {pod} asks for lies in a block of another node, and strictAffinity keeps {node} from borrowing.",
  ],
  [
    /^Attempt to assign from block (\S+) with no affinity$/,
    "ip-no-owner",
    "The address that {pod} asks for lies in {1}, which no node owns, and strictAffinity keeps {node} from borrowing.",
  ],
  [
    /^(\S+) already claimed by host:(.+)$/,
    "block-claimed",
    "{2} claimed {1} at the same moment, and strictAffinity keeps {node} from borrowing.",
    wait,
  ],
];

const other: readonly Text[] = [
  [
    /^Block '(\S+)' has (\d+) free ips which is less than (\d+) ips required\.$/,
    "block-filled",
    "{1} filled up while {node} took from it.",
    wait,
  ],
  [
    /^Max retries hit\b/,
    "busy",
    "Too many requests wrote the same blocks at once: {node} lost 100 times.",
    wait,
  ],
  [
    /^global strict affinity should not be false for Windows node$/,
    "windows-affinity",
    "{node} runs Windows, which needs strictAffinity.",
    { label: "Turn strictAffinity on", command: "calicoctl ipam configure --strictaffinity=true" },
  ],
  [
    /^failed to look up reserved IPs: (.+)$/s,
    "reservations-unreadable",
    "{node} cannot read the IP reservations: {1}.",
  ],
  [
    /^resource does not exist: Node\((.+?)\) with error: /s,
    "node-missing",
    "Calico finds no node {1}: the name calico-node uses differs from the Node's.",
  ],
  [
    /^Datastore returned malformed node object$/,
    "node-malformed",
    "Calico cannot read the Node object of {node}.",
  ],
  [
    /^failed to get namespace (\S+): (.+)$/s,
    "namespace-unreadable",
    "{node} cannot read namespace {1}: {2}.",
  ],
  [
    /^Calico is currently not ready to process requests$/,
    "datastore-locked",
    "The datastore is locked, by a migration or by calicoctl: ClusterInformation says datastoreReady false. No pod starts or stops.",
    { label: "Unlock it when no migration runs", command: "calicoctl datastore migrate unlock" },
  ],
  [
    /^error getting ClusterInformation: resource does not exist: /,
    "no-cluster-information",
    "Calico's object ClusterInformation default is missing; without it the network plugin gives no addresses on {node}.",
  ],
  [
    /^error getting ClusterInformation: (.+)$/s,
    "api-unreachable",
    "The network plugin on {node} does not reach the API server: {1}.",
  ],
  [
    /\/var\/lib\/calico\/nodename: no such file or directory/,
    "calico-node-missing",
    "calico-node does not run on {node}, or has not finished starting.",
    { label: "Look at calico-node", command: "kubectl get pods -A -l k8s-app=calico-node -o wide" },
  ],
  [/^failed to load netconf: (.+)$/s, "netconf", "The CNI configuration of {node} cannot be read: {1}."],
  [
    /^error parsing ipFamilies: (.*)$/s,
    "ip-families",
    'The annotation ipFamilies of {pod} or its namespace must be a JSON list of "IPv4" and "IPv6".',
  ],
  [
    /^can't have both annotations: 'ipAddrs' and 'ipAddrsNoIpam'/,
    "ip-annotations",
    "{Pod} carries both ipAddrs and ipAddrsNoIpam.",
    "Remove one of the two annotations",
  ],
  [
    /^(ipAddrs|ipAddrsNoIpam) is not compatible with configured IPAM: (.+)$/,
    "ip-annotations",
    "{1} needs Calico IPAM; {node} is configured for {2}.",
  ],
  [/^requested feature is not enabled: (.+)$/, "feature-off", "The CNI configuration does not enable {1}."],
  [
    /^failed to parse IPs .* for annotation "([^"]+)"/s,
    "ip-annotations",
    "The annotation {1} of {pod} is not a JSON list of addresses.",
  ],
  [
    /^annotation "([^"]+)" specified but empty$/,
    "ip-annotations",
    "The annotation {1} of {pod} names no address.",
  ],
  [/^invalid IP format: (.*)$/s, "ip-annotations", "{Pod} asks for {1}, which is not an address."],
  [
    /^cannot have more than one (IPv[46]) address for "([^"]+)" annotation$/,
    "ip-annotations",
    "The annotation {2} of {pod} names more than one {1} address.",
  ],
  [
    /^live migration target pod is not allowed when KubeVirtVMAddressPersistence is disabled$/,
    "vm-persistence",
    "Live migration needs IPAM configuration kubeVirtVMAddressPersistence Enabled.",
  ],
  [
    /^migration target pod but no IP allocated to VM handle /,
    "vm-handle",
    "The virtual machine of {pod} holds no address to take over.",
  ],
  [
    /^handle \S+ (?:already )?has (\d+) (?:allocation\(s\)|IPs allocated)/,
    "vm-handle",
    "The virtual machine of {pod} holds {1} addresses already.",
    wait,
  ],
  [
    /^(?:expected (?:==|&&|\|\||identifier|string|set literal|[)}]|== or != not: .+|operator after label ".*")|unterminated string|unexpected (?:token|end of string|content at end).*|no closing '\)' after .+\(|label too long: .+)$/s,
    "selector-unreadable",
    "A selector of an enabled pool cannot be read, so every request that names no pool fails, on every node.",
    { label: "Find the pool with the unreadable selector", href: "/pools?state=NoEligibleNode" },
  ],
];

export const exactIpRules: readonly TriageRule[] = exactIp.map(asRule);
export const otherRules: readonly TriageRule[] = other.map(asRule);

function asRule([pattern, code, cause, ...fixes]: Text): TriageRule {
  const withPrefix = pattern.source.startsWith("^")
    ? new RegExp(`^(?:error getting IP from IPAM: )?${pattern.source.slice(1)}`, pattern.flags)
    : pattern;
  return {
    pattern: withPrefix,
    explain: (match, facts): Triage => ({
      code,
      cause: fill(cause, match, facts),
      fixes: fixes.map((fix) => (typeof fix === "string" ? { label: fix } : fix)),
    }),
  };
}

function fill(cause: string, match: RegExpExecArray, facts: TriageFacts): string {
  const pod = podWords(facts);
  const words: Readonly<Record<string, string>> = { pod, Pod: capital(pod), node: nodeWords(facts) };
  const filled = cause.replace(
    /\{(\w+)\}/g,
    (_whole, key: string) => words[key] ?? match[Number(key)]?.trim() ?? "",
  );
  // A node's own name stays as it is written.
  return facts.pod.node === null ? capital(filled) : filled;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
