/** Who writes a pool besides people: `lib/calico/owner.ts` tells how that is seen. */
interface ManagedBy {
  readonly kind: "operator" | "helm" | "argocd" | "flux" | "manager" | "none";
  readonly name: string | null;
}

/** Field managers of programs that a person starts and that write once; everything else that wrote a pool may write it again. */
const handTools = /^(kubectl|calicoctl|poolboard|curl|before-first-apply|k9s|Mozilla|node|Go-http-client)/i;

export function isHandTool(manager: string): boolean {
  return handTools.test(manager);
}

/** A change of the pool has to be made elsewhere to last: somebody else keeps it, and it is not a person. */
export function livesElsewhere({ kind, name }: ManagedBy): boolean {
  if (kind === "none") return false;
  return kind !== "manager" || (name !== null && !isHandTool(name));
}

/** Owners whose pools are written only when the person says that they know whose it is. */
const acknowledged = ["helm", "argocd", "flux"] as const;

/** What such a write has to name as its `overrideOwner`; undefined: nothing, or nothing helps. */
export function ownerToOverride({ kind }: ManagedBy): (typeof acknowledged)[number] | undefined {
  return acknowledged.find((one) => one === kind);
}
