"use client";
import dynamic from "next/dynamic";
import { useUrlState } from "../ui/use-url-state.ts";

const YamlDialog = dynamic(async () => (await import("./yaml-dialog.tsx")).YamlDialog, { ssr: false });
const FormDialog = dynamic(async () => (await import("./form-dialog.tsx")).FormDialog, { ssr: false });

/** “New pool” and “Paste YAML”, opened by `?new=form` and `?new=yaml`. */
export function CreateDialogs() {
  const { params, set } = useUrlState();
  const kind = params.get("new");
  const close = () => set({ new: null, from: null });
  if (kind === "yaml") return <YamlDialog onClose={close} fromExample={params.get("from") === "example"} />;
  if (kind === "form") return <FormDialog onClose={close} />;
  return null;
}
