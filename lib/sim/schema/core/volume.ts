import {
  atomic,
  anything,
  at,
  atKeep,
  flag,
  int32,
  int64,
  keyed,
  list,
  message,
  quantity,
  text,
  textMap,
} from "../build.ts";
import type { Schema } from "../schema.ts";
import { fieldReference, resourceReference } from "./container.ts";
import { localReference } from "./meta.ts";

const items = list(
  "Keys and the files they become.",
  message(
    "One key.",
    {
      key: at(1, text("The key.")),
      mode: atKeep(3, int32("Mode of the file.")),
      path: at(2, text("Path of the file.")),
    },
    { required: ["key", "path"] },
  ),
  atomic,
);

const downwardItems = list(
  "Files with facts about the pod.",
  message(
    "One file.",
    {
      fieldRef: at(2, fieldReference),
      mode: atKeep(4, int32("Mode of the file.")),
      path: at(1, text("Path of the file.")),
      resourceFieldRef: at(3, resourceReference),
    },
    { required: ["path"] },
  ),
  atomic,
);

const fileMode = (): Schema => int32("Mode of the files.", { default: 420 });

const filesFrom = (what: "config map" | "secret"): Schema =>
  message(`Files from a ${what}.`, {
    items: at(2, items),
    name: at([1, 1], text(`The ${what}.`)),
    optional: atKeep(4, flag("May be missing.")),
  });

const projected = message("Several sources in one directory.", {
  defaultMode: atKeep(2, fileMode()),
  sources: at(
    1,
    list(
      "The sources.",
      message("One source.", {
        configMap: at(3, filesFrom("config map")),
        downwardAPI: at(2, message("Files with facts about the pod.", { items: at(1, downwardItems) })),
        secret: at(1, filesFrom("secret")),
        serviceAccountToken: at(
          4,
          message(
            "A token of the pod's service account.",
            {
              audience: at(1, text("Whom the token is for.")),
              expirationSeconds: atKeep(2, int64("How long it is good for.", { default: 3600 })),
              path: at(3, text("Path of the file.")),
            },
            { required: ["path"] },
          ),
        ),
      }),
      atomic,
    ),
  ),
});

/** Volumes of a pod. Kinds of storage that no controller here looks at are kept as they come. */
export const volumes: Schema = keyed(
  "Storage that containers may mount.",
  "name",
  message(
    "One volume.",
    {
      configMap: at(
        [2, 19],
        message("Files from a config map.", {
          defaultMode: atKeep(3, fileMode()),
          items: at(2, items),
          name: at([1, 1], text("The config map.")),
          optional: atKeep(4, flag("May be missing.")),
        }),
      ),
      csi: at(
        [2, 28],
        message(
          "Storage from a driver.",
          {
            driver: at(1, text("The driver.")),
            fsType: atKeep(3, text("File system.")),
            nodePublishSecretRef: at(5, localReference),
            readOnly: atKeep(2, flag("No writing.")),
            volumeAttributes: at(4, textMap("Settings for the driver.")),
          },
          { required: ["driver"] },
        ),
      ),
      downwardAPI: at(
        [2, 16],
        message("Files with facts about the pod.", {
          defaultMode: atKeep(2, fileMode()),
          items: at(1, downwardItems),
        }),
      ),
      emptyDir: at(
        [2, 2],
        message("A directory that lives as long as the pod.", {
          medium: at(1, text('"" or Memory.')),
          sizeLimit: at(2, quantity("Most it may hold.")),
        }),
      ),
      ephemeral: at([2, 29], anything("Storage made for the pod.")),
      hostPath: at(
        [2, 1],
        message(
          "A path of the node.",
          { path: at(1, text("The path.")), type: atKeep(2, text("What must be there.", { default: "" })) },
          { required: ["path"] },
        ),
      ),
      image: at([2, 30], anything("Files of an image.")),
      iscsi: at([2, 8], anything("An iSCSI disk.")),
      name: at(1, text("Name, unique in the pod.")),
      nfs: at(
        [2, 7],
        message(
          "A directory of an NFS server.",
          {
            path: at(2, text("Path on the server.")),
            readOnly: at(3, flag("No writing.")),
            server: at(1, text("The server.")),
          },
          { required: ["path", "server"] },
        ),
      ),
      persistentVolumeClaim: at(
        [2, 10],
        message(
          "A claim of lasting storage.",
          { claimName: at(1, text("The claim.")), readOnly: at(2, flag("No writing.")) },
          { required: ["claimName"] },
        ),
      ),
      projected: at([2, 26], projected),
      secret: at(
        [2, 6],
        message("Files from a secret.", {
          defaultMode: atKeep(3, fileMode()),
          items: at(2, items),
          optional: atKeep(4, flag("May be missing.")),
          secretName: at(1, text("The secret.")),
        }),
      ),
    },
    { required: ["name"] },
  ),
  { "x-kubernetes-patch-strategy": "merge,retainKeys" },
);
