import { Checkbox, NativeSelect, TextInput } from "@mantine/core";
import type { FieldErrors } from "./draft-errors.ts";
import classes from "./pool-form-fields.module.css";
import type { PoolDraft } from "./pool-draft.ts";
import { SelectorPreview } from "./selector-preview.tsx";

interface Props {
  readonly draft: PoolDraft;
  readonly change: (part: Partial<PoolDraft>) => void;
  readonly errors: FieldErrors;
  readonly onBlur?: (field: keyof PoolDraft) => void;
  /** Under name and CIDR: where the network lies. */
  readonly place?: React.ReactNode;
  /** Under the block size: what it means. */
  readonly advice?: React.ReactNode;
  /** The pool exists: name, CIDR and block size are fixed, and turning it off has its own dialog. */
  readonly existing?: boolean;
}

const encapsulations = [
  { value: "VXLANCrossSubnet", label: "VXLAN between subnets" },
  { value: "VXLAN", label: "VXLAN always" },
  { value: "IPIPCrossSubnet", label: "IPIP between subnets" },
  { value: "IPIP", label: "IPIP always" },
  { value: "None", label: "None, routed" },
] as const satisfies readonly { value: PoolDraft["encapsulation"]; label: string }[];

const uses = [
  { value: "WorkloadTunnel", label: "Pods and tunnels" },
  { value: "Workload", label: "Pods only" },
  { value: "Tunnel", label: "Tunnels only" },
  { value: "LoadBalancer", label: "LoadBalancer Services only" },
] as const satisfies readonly { value: PoolDraft["uses"]; label: string }[];

const assignments = [
  { value: "Automatic", label: "Automatic: any pod that names no pool" },
  { value: "Manual", label: "Manual: only pods that name it" },
] as const satisfies readonly { value: PoolDraft["assignmentMode"]; label: string }[];

/** Every field of a pool. */
export function PoolFields({
  draft,
  change,
  errors,
  onBlur,
  place = null,
  advice = null,
  existing = false,
}: Props) {
  const input = (field: "name" | "cidr" | "blockSize" | "nodeSelector" | "namespaceSelector") => ({
    value: draft[field],
    error: errors[field],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => change({ [field]: event.currentTarget.value }),
    onBlur: () => onBlur?.(field),
    autoComplete: "off",
    spellCheck: false,
  });
  return (
    <div className={classes.fields}>
      {existing ? null : (
        <>
          <TextInput label="Name" placeholder="external-pool" data-autofocus {...input("name")} />
          <TextInput
            label="CIDR"
            placeholder="10.64.0.0/20"
            classNames={{ input: classes.mono }}
            {...input("cidr")}
          />
          {place === null ? null : <div className={classes.wide}>{place}</div>}
          <TextInput
            label="Block size"
            description="Prefix length of a block. Empty: 26 for IPv4, 122 for IPv6. It cannot be changed later."
            placeholder={draft.cidr.includes(":") ? "122" : "26"}
            inputMode="numeric"
            {...input("blockSize")}
          />
        </>
      )}
      <Choice
        label="Encapsulation"
        description="How packets travel from node to node."
        options={encapsulations}
        value={draft.encapsulation}
        error={errors.encapsulation}
        onChange={(encapsulation) => change({ encapsulation })}
      />
      {advice === null ? null : <div className={classes.wide}>{advice}</div>}
      <div className={classes.selector}>
        <TextInput
          label="Nodes"
          description="Selector of the nodes that may claim blocks."
          placeholder="all()"
          classNames={{ input: classes.mono }}
          {...input("nodeSelector")}
        />
        {errors.nodeSelector === undefined ? (
          <SelectorPreview kind="nodes" text={draft.nodeSelector} />
        ) : null}
      </div>
      <div className={classes.selector}>
        <TextInput
          label="Namespaces"
          description="Selector of the namespaces it serves. Empty: every one."
          placeholder={'team == "payments"'}
          classNames={{ input: classes.mono }}
          {...input("namespaceSelector")}
        />
        {errors.namespaceSelector === undefined ? (
          <SelectorPreview kind="namespaces" text={draft.namespaceSelector} />
        ) : null}
      </div>
      <Choice
        label="Used for"
        description="Whose addresses come from it."
        options={uses}
        value={draft.uses}
        error={errors.uses}
        onChange={(value) => change({ uses: value })}
      />
      <Choice
        label="Assignment"
        description="Whether pods must name it."
        options={assignments}
        value={draft.assignmentMode}
        error={errors.assignmentMode}
        onChange={(assignmentMode) => change({ assignmentMode })}
      />
      <div className={classes.checks}>
        <Checkbox
          label="NAT for outgoing traffic"
          description="Packets that leave for an address in no pool carry the node's address."
          checked={draft.natOutgoing}
          error={errors.natOutgoing}
          onChange={(event) => change({ natOutgoing: event.currentTarget.checked })}
        />
        <Checkbox
          label="Hidden from BGP"
          description="Its routes are not exported to BGP peers."
          checked={draft.disableBGPExport}
          error={errors.disableBGPExport}
          onChange={(event) => change({ disableBGPExport: event.currentTarget.checked })}
        />
        {existing ? null : (
          <Checkbox
            label="Start disabled"
            description="It gives no address until it is enabled."
            checked={draft.disabled}
            error={errors.disabled}
            onChange={(event) => change({ disabled: event.currentTarget.checked })}
          />
        )}
      </div>
    </div>
  );
}

function Choice<Value extends string>({
  label,
  description,
  options,
  value,
  error,
  onChange,
}: {
  label: string;
  description: string;
  options: readonly { readonly value: Value; readonly label: string }[];
  value: Value;
  error: string | undefined;
  onChange: (value: Value) => void;
}) {
  return (
    <NativeSelect
      label={label}
      description={description}
      data={[...options]}
      value={value}
      error={error}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.currentTarget.value);
        if (chosen) onChange(chosen.value);
      }}
    />
  );
}
