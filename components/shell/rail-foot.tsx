"use client";
import { useQuery } from "@tanstack/react-query";
import type { Cluster } from "@/lib/contract/cluster.ts";
import type { Session } from "@/lib/contract/session.ts";
import { clusterQueries } from "@/lib/queries/cluster.ts";
import { visibleText } from "../ui/visible-text.ts";
import { LogOut } from "../login/log-out.tsx";
import { Foreign } from "../ui/value.tsx";
import { ColorScheme } from "./color-scheme.tsx";
import classes from "./rail.module.css";

/** Which cluster this is. */
export function ClusterName() {
  const { data: cluster } = useQuery(clusterQueries.cluster());
  return (
    <p className={classes.cluster} title="The cluster that is shown">
      {cluster ? <Foreign>{cluster.name}</Foreign> : "\u00a0"}
    </p>
  );
}

const apiModes: Record<NonNullable<Cluster["calico"]["apiMode"]>, string> = {
  "crd-v1": "crd.projectcalico.org/v1",
  "aggregated-v3": "projectcalico.org/v3, aggregated",
  "native-v3": "projectcalico.org/v3, native",
};

/** What was found: Calico, its API, Kubernetes, and who is looking. */
export function RailFoot() {
  const { data: cluster } = useQuery(clusterQueries.cluster());
  const { data: session } = useQuery(clusterQueries.session());
  return (
    <div className={classes.foot}>
      {cluster ? (
        <>
          <p title={cluster.calico.detectedBy}>
            <b>Calico {cluster.calico.version ?? "of unknown version"}</b>
            {cluster.calico.ipam === null ? null : (
              <>
                {" · "}
                <Foreign>{cluster.calico.ipam}</Foreign> IPAM
              </>
            )}
          </p>
          <p>{cluster.calico.apiMode === null ? "Calico API not found" : apiModes[cluster.calico.apiMode]}</p>
          <p>Kubernetes {cluster.kubernetesVersion ?? "of unknown version"}</p>
        </>
      ) : null}
      {session ? <p title={groupsOf(session)}>{who(session)}</p> : null}
      {session?.canLogOut ? <LogOut /> : null}
      <ColorScheme />
    </div>
  );
}

function who(session: Session): React.ReactNode {
  const role = session.readOnly ? "read only" : roleOf(session);
  if (session.user === null) return session.mode === "embedded" ? `Embedded cluster · ${role}` : role;
  return (
    <>
      <Foreign>{session.user}</Foreign> · {role}
    </>
  );
}

function groupsOf({ groups }: Session): string | undefined {
  return groups.length > 0 ? `Groups: ${groups.map((group) => visibleText(group)).join(", ")}` : undefined;
}

function roleOf({ can, unknown }: Session): string {
  if (unknown) return "rights unknown";
  const allowed = Object.values(can).filter((each) => each.allowed).length;
  if (allowed === 0) return "viewer";
  return allowed === Object.values(can).length ? "operator" : "some changes allowed";
}
