"use client";
import { usePrefetch } from "../ui/lazily.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { FormDialog, YamlDialog } from "./pool-dialogs.ts";

const dialogs = [FormDialog];

/** “New pool” and “Paste YAML”, opened by `?new=form` and `?new=yaml`. */
export function CreateDialogs() {
  usePrefetch(dialogs);
  const { params, set } = useUrlState();
  const kind = params.get("new");
  const close = () => set({ new: null, from: null });
  if (kind === "yaml") return <YamlDialog onClose={close} fromExample={params.get("from") === "example"} />;
  if (kind === "form") return <FormDialog onClose={close} />;
  return null;
}
