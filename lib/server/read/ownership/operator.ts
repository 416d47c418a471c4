import {
  degradedMessage,
  editEntry,
  entryPath,
  type InstallationPatch,
  installationPlace,
} from "../../../calico/installation-patch.ts";
import { IGNORE_ANNOTATION, type PoolEntry } from "../../../calico/installation-pools.ts";
import { parseInstallation } from "../../../calico/installation.ts";
import { managedBy } from "../../../calico/owner.ts";
import type { Ownership } from "../../../contract/ownership.ts";
import type { PoolChange } from "../../../contract/pools.ts";
import type { PoolRow } from "../../../inventory/pool-row.ts";

/** What the Installation says about a pool, and how it is told otherwise. */
export interface InstallationAdvice {
  /** Null: the Installation does not decide about the pool. */
  readonly where: Ownership["where"];
  readonly advice: readonly string[];
  readonly patch: InstallationPatch | null;
  /** The list as it is. */
  readonly stored: readonly PoolEntry[];
}

/** The operator's knob for `disabled` came with this Calico. Source: tigera/operator, field DisableNewAllocations of v1.36 */
const KNOB_SINCE = { minor: 29, words: "operator v1.36, which came with Calico v3.29" } as const;

const LABELLED =
  "The Tigera operator owns this pool: it carries the label app.kubernetes.io/managed-by: tigera-operator.";
const WRITES =
  "The operator writes the pool again as the Installation lists it, within seconds of a change and every five minutes.";

/** For a pool with the operator's label. `change` null: it is to go. */
export function operatorAdvice(
  installation: unknown,
  row: PoolRow,
  change: PoolChange | null,
): InstallationAdvice {
  const place = installationPlace(installation, row.pool);
  const installed = { kind: "Installation", name: "default" };
  if (place.status === "absent") {
    return {
      where: { ...installed, field: "spec.calicoNetwork.ipPools" },
      advice: [
        LABELLED,
        `No entry of the Installation has its range, ${row.pool.name} is left over: the operator deletes such a pool as soon as it can.`,
        ...degraded(installation),
      ],
      patch: null,
      stored: [],
    };
  }
  if (place.status === "overlaid") {
    return {
      where: { kind: "Installation", name: "overlay", field: entryPath(place.index) },
      advice: [
        LABELLED,
        WRITES,
        "Its entry is not in the Installation default: it comes from the one named overlay, unless it has just been taken out. Make the change there, with the complete list.",
      ],
      patch: null,
      stored: [],
    };
  }
  return { ...entryAdvice(installation, row, change, place), where: whereOf(installation, change, place) };
}

type Listed = ReturnType<typeof installationPlace> & { status: "listed" };

function whereOf(
  installation: unknown,
  change: PoolChange | null,
  place: Listed,
): NonNullable<Ownership["where"]> {
  const { fields } = editEntry(installation, place, change);
  const field = fields.length === 0 ? entryPath(place.index) : fields.join(", ");
  return { kind: "Installation", name: "default", field };
}

function entryAdvice(
  installation: unknown,
  row: PoolRow,
  change: PoolChange | null,
  place: Listed,
): Omit<InstallationAdvice, "where"> {
  const { patch, fields } = editEntry(installation, place, change);
  const isNothing = patch === null && fields.length > 0 && change?.namespaceSelector === undefined;
  const last = change === null && place.ipPools.length === 1;
  return {
    patch,
    stored: place.ipPools,
    advice: [
      ...(isNothing
        ? ["Nothing changes: the Installation says so already, so there is nothing to patch."]
        : []),
      row.managedBy.kind === "operator"
        ? LABELLED
        : "The pool is exactly what the Installation lists: the operator takes it for its own, though its label is not there yet.",
      WRITES,
      ...(change === null
        ? ["Take its entry out of the list: the operator then deletes the pool itself."]
        : []),
      ...(last ? ["It is the last entry: with an empty list the operator makes no pool any more."] : []),
      ...knob(installation, change),
      ...(change?.namespaceSelector === undefined
        ? []
        : [
            "The Installation has no field for namespaceSelector: set on the pool, the operator wipes it at its next write.",
          ]),
      ...(patch === null
        ? []
        : ["The patch carries the complete list, because a merge patch replaces lists."]),
      ...above(installation),
      ...degraded(installation),
      ...(change === null
        ? []
        : [
            `The annotation ${IGNORE_ANNOTATION} would keep the operator away from the pool; its makers do not support that.`,
          ]),
    ],
  };
}

function knob(installation: unknown, change: PoolChange | null): string[] {
  if (change?.disabled === undefined) return [];
  const version = parseInstallation(installation).calicoVersion;
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? "") ?? [];
  const here =
    version === null
      ? "which Calico runs here the Installation does not say"
      : Number(major) === 3 && Number(minor) < KNOB_SINCE.minor
        ? `this cluster runs ${version}, whose operator does not know it`
        : `this cluster runs ${version}`;
  return [
    `disableNewAllocations is the Installation's word for disabled. It is known from ${KNOB_SINCE.words}; ${here}.`,
  ];
}

/** The Installation may have an owner of its own, who writes it back in turn. */
function above(installation: unknown): string[] {
  const { kind, name } = managedBy(installation);
  const called = name === null ? "" : ` (${name})`;
  switch (kind) {
    case "helm":
      return [
        `Helm${called} owns the Installation itself: its chart calls the list installation.calicoNetwork.ipPools. Change it there too, or the next upgrade takes the patch back.`,
      ];
    case "argocd":
      return [
        `Argo CD${called} owns the Installation itself: change it in Git too, or the next sync takes the patch back.`,
      ];
    case "flux":
      return [
        `Flux${called} owns the Installation itself: change it in Git too, or the next reconciliation takes the patch back.`,
      ];
    default:
      return [];
  }
}

function degraded(installation: unknown): string[] {
  const message = degradedMessage(installation);
  return message === null
    ? []
    : [`The operator reports itself degraded, and may do nothing until that is mended: ${message}`];
}

/** For a pool that is nobody's, or a program's: what the Installation has to do with it; null: nothing. */
export function otherAdvice(
  installation: unknown,
  row: PoolRow,
  change: PoolChange | null,
): InstallationAdvice | null {
  const place = installationPlace(installation, row.pool);
  if (place.status !== "listed") return null;
  if (place.adopts)
    return { ...entryAdvice(installation, row, change, place), where: whereOf(installation, change, place) };
  return {
    where: null,
    advice: [
      "The Installation lists the same range otherwise than the pool is. The operator leaves the pool alone, and reports itself degraded.",
      ...degraded(installation),
    ],
    patch: null,
    stored: [],
  };
}
