import { atomic, anything, at, atKeep, flag, int64, list, message, text, texts } from "../build.ts";
import type { Schema } from "../schema.ts";

const seLinux = message("SELinux label.", {
  level: at(4, text("Level.")),
  role: at(2, text("Role.")),
  type: at(3, text("Type.")),
  user: at(1, text("User.")),
});

const seccomp = message(
  "Seccomp profile.",
  {
    localhostProfile: atKeep(2, text("File on the node.")),
    type: at(1, text("RuntimeDefault, Unconfined or Localhost.")),
  },
  { required: ["type"] },
);

const appArmor = message(
  "AppArmor profile.",
  {
    localhostProfile: atKeep(2, text("Profile on the node.")),
    type: at(1, text("RuntimeDefault, Unconfined or Localhost.")),
  },
  { required: ["type"] },
);

export const securityContext: Schema = message("Rights of the container.", {
  allowPrivilegeEscalation: atKeep(7, flag("May gain more rights than its parent.")),
  appArmorProfile: at(12, appArmor),
  capabilities: at(
    1,
    message("Linux capabilities.", {
      add: at(1, texts("Added.", atomic)),
      drop: at(2, texts("Taken away.", atomic)),
    }),
  ),
  privileged: atKeep(2, flag("All rights on the node.")),
  procMount: atKeep(9, text("How /proc appears.")),
  readOnlyRootFilesystem: atKeep(6, flag("No writing to its own files.")),
  runAsGroup: atKeep(8, int64("Group.")),
  runAsNonRoot: atKeep(5, flag("Refuse to run as root.")),
  runAsUser: atKeep(4, int64("User.")),
  seLinuxOptions: at(3, seLinux),
  seccompProfile: at(11, seccomp),
  windowsOptions: at(10, anything("Settings on Windows.")),
});

export const podSecurityContext: Schema = message("Rights of all containers of the pod.", {
  appArmorProfile: at(11, appArmor),
  fsGroup: atKeep(5, int64("Group that owns volumes.")),
  fsGroupChangePolicy: atKeep(9, text("When owners of volumes are changed.")),
  runAsGroup: atKeep(6, int64("Group.")),
  runAsNonRoot: atKeep(3, flag("Refuse to run as root.")),
  runAsUser: atKeep(2, int64("User.")),
  seLinuxChangePolicy: atKeep(13, text("How labels of volumes are changed.")),
  seLinuxOptions: at(1, seLinux),
  seccompProfile: at(10, seccomp),
  supplementalGroups: at(4, list("Further groups.", int64("A group."), atomic)),
  supplementalGroupsPolicy: atKeep(12, text("How further groups are put together.")),
  sysctls: at(
    7,
    list(
      "Kernel settings.",
      message(
        "One setting.",
        { name: at(1, text("Name.")), value: at(2, text("Value.")) },
        { required: ["name", "value"] },
      ),
      atomic,
    ),
  ),
  windowsOptions: at(8, anything("Settings on Windows.")),
});
