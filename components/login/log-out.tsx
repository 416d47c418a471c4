"use client";
import { Button } from "@mantine/core";
import { useState } from "react";
import { logOut } from "@/lib/queries/login.ts";

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
    <Button
      variant="subtle"
      size="compact-xs"
      ml={-8}
      loading={state === "asking"}
      onClick={() => void leave()}
    >
      {state === "failed" ? "Log out (failed, try again)" : "Log out"}
    </Button>
  );
}
