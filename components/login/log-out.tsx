"use client";
import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { logOut } from "@/lib/queries/login.ts";
import classes from "./log-out.module.css";

/** Ends the session and leaves the page with all it has shown. */
export function LogOut() {
  const [state, setState] = useState<"idle" | "asking" | "failed">("idle");
  const leave = async () => {
    setState("asking");
    try {
      await logOut();
      window.location.assign("/");
    } catch {
      setState("failed");
    }
  };
  return (
    <UnstyledButton className={classes.out} disabled={state === "asking"} onClick={() => void leave()}>
      {state === "failed" ? "Log out (failed, try again)" : "Log out"}
    </UnstyledButton>
  );
}
