"use client";
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Mark } from "@/components/shell/mark.tsx";
import { CopyButton } from "@/components/ui/copy.tsx";
import { Glyph } from "@/components/ui/glyph.tsx";
import { Foreign, Mono, Unknown } from "@/components/ui/value.tsx";
import type { Cluster } from "@/lib/contract/cluster.ts";
import classes from "./stop-page.module.css";

const check = `kubectl get installation default -o go-template --template '{{.spec.cni.ipam.type}}{{"\\n"}}'`;

/** The whole page when pods do not get their addresses from Calico: the reason, the evidence, and nothing else. */
export function StopPage({ cluster }: { cluster: Cluster }) {
  const client = useQueryClient();
  const { calico } = cluster;
  const facts = [
    `cluster: ${cluster.name}`,
    `CNI: ${calico.cni ?? "unknown"}`,
    `IPAM: ${calico.ipam ?? "unknown"}`,
    `Calico: ${calico.version ?? "unknown"}`,
    `Kubernetes: ${cluster.kubernetesVersion ?? "unknown"}`,
    `read from: ${calico.detectedBy}`,
  ].join("\n");
  return (
    <div className={classes.stop}>
      <header className={classes.bar}>
        <span className={classes.brand}>
          <Mark />
          Poolboard
        </span>
        <span>
          <Foreign>{cluster.name}</Foreign>
        </span>
      </header>
      <main className={classes.main} id="content">
        <svg className={classes.sign} viewBox="0 0 40 40" aria-hidden="true">
          <path d="M12 1h16l11 11v16L28 39H12L1 28V12z" fill="currentColor" />
          <path d="M11 17.5h18v5H11z" className={classes.bar2} />
        </svg>
        <h1 className={classes.title}>Stop: pods here do not get their addresses from Calico</h1>
        <p className={classes.lead}>{leadOf(cluster)}</p>
        <dl className={classes.facts}>
          <Row label="CNI" value={calico.cni} />
          <div>
            <dt>IPAM</dt>
            <dd>
              {calico.ipam === null ? (
                <Unknown />
              ) : (
                <span className={classes.wrong}>
                  <Glyph shape="triangle" tone="crit" />
                  <Foreign>{calico.ipam}</Foreign>
                </span>
              )}{" "}
              <span className={classes.quiet}>must be Calico</span>
            </dd>
          </div>
          <Row label="Calico version" value={calico.version} />
          <Row label="Kubernetes version" value={cluster.kubernetesVersion} />
          <Row label="Read from" value={calico.detectedBy} />
        </dl>
        <div className={classes.actions}>
          <Button variant="filled" onClick={() => void client.invalidateQueries()}>
            Check again
          </Button>
          <CopyButton text={facts} variant="subtle">
            Copy these facts
          </CopyButton>
        </div>
        <p className={classes.yourself}>
          <span className={classes.quiet}>Check it yourself</span>
          <Mono wrap>{check}</Mono>
        </p>
      </main>
    </div>
  );
}

function Row({ label, value }: { label: string; value: string | null }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value === null ? <Unknown /> : <Foreign>{value}</Foreign>}</dd>
    </div>
  );
}

function leadOf({ name, calico }: Cluster): React.ReactNode {
  if (calico.ipam === null) {
    return (
      <>
        Nothing in <b>{name}</b> says that Calico gives pods their addresses. Poolboard would show empty pools
        that are not empty, so it shows nothing.
      </>
    );
  }
  return (
    <>
      Address management in <b>{name}</b> belongs to <b>{calico.ipam}</b>. IP pools there steer NAT and
      encapsulation only; they hold no addresses. Poolboard would show empty pools that are not empty, so it
      shows nothing.
    </>
  );
}
