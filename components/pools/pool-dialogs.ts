import { lazily } from "../ui/lazily.tsx";

const floats = { floats: true };

/** The dialogs about pools: a page is shown without them, and loads them while nobody asks for one yet. */
export const ToggleDialog = lazily(async () => (await import("./toggle-dialog.tsx")).ToggleDialog, floats);
export const LockedDialog = lazily(async () => (await import("./locked-dialog.tsx")).LockedDialog, floats);
export const DeleteDialog = lazily(async () => (await import("./delete-dialog.tsx")).DeleteDialog, floats);
export const SettingsDialog = lazily(
  async () => (await import("./settings-dialog.tsx")).SettingsDialog,
  floats,
);
export const YamlEditDialog = lazily(
  async () => (await import("./yaml-edit-dialog.tsx")).YamlEditDialog,
  floats,
);
export const FormDialog = lazily(async () => (await import("./form-dialog.tsx")).FormDialog, floats);
export const YamlDialog = lazily(async () => (await import("./yaml-dialog.tsx")).YamlDialog, floats);
