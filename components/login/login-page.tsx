"use client";
import { Button, PasswordInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { Mark } from "@/components/shell/mark.tsx";
import { Foreign, Mono } from "@/components/ui/value.tsx";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { logIn } from "@/lib/queries/login.ts";
import classes from "./login-page.module.css";

/** In the place of every page until somebody has logged in: the token that the cluster knows the person by. */
export function LoginPage({ ended }: { ended: string }) {
  const [token, setToken] = useState("");
  const field = useRef<HTMLInputElement>(null);
  // There is nothing else to do here.
  useEffect(() => field.current?.focus(), []);
  const [state, setState] = useState<"idle" | "asking" | { readonly error: string }>("idle");
  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    setState("asking");
    try {
      await logIn(token);
      // Whatever was shown to somebody else before is gone with the page.
      window.location.reload();
    } catch (error) {
      setState({ error: toProblemError(error).message });
    }
  };
  return (
    <main className={classes.page} id="content">
      <form className={classes.form} method="post" onSubmit={(event) => void submit(event)}>
        <p className={classes.brand}>
          <Mark />
          Poolboard
        </p>
        <h1 className={classes.title}>Log in</h1>
        <p className={classes.lead}>
          <Foreign>{ended}</Foreign>
        </p>
        {/* Without a name: a form that is sent before the page is alive carries nothing. */}
        <PasswordInput
          ref={field}
          label="Token"
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          error={typeof state === "object" ? <Foreign>{state.error}</Foreign> : null}
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit" variant="filled" disabled={token.trim() === ""} loading={state === "asking"}>
          Log in
        </Button>
        <p className={classes.hint}>
          You see and change what your own rights in the cluster allow. A token for a service account comes
          from <Mono wrap>kubectl create token NAME</Mono>, one of your identity provider from its login
          plugin. It stays in a cookie that only this server can read, for eight hours at most.
        </p>
      </form>
    </main>
  );
}
