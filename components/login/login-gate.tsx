"use client";
import { useQuery } from "@tanstack/react-query";
import { clusterQueries } from "@/lib/queries/cluster.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { lazily } from "../ui/lazily.tsx";

const LoginPage = lazily(async () => (await import("./login-page.tsx")).LoginPage);

/** Lets the pages through unless the server asks for a login first, at the start or once the one before has ended. */
export function LoginGate({ children }: { children: React.ReactNode }) {
  const errors = [useQuery(clusterQueries.session()).error, useQuery(clusterQueries.cluster()).error];
  const refused = errors
    .map((error) => error && toProblemError(error).problem)
    .find((problem) => problem?.status === 401 && problem.login === "token");
  return refused ? <LoginPage ended={refused.detail} /> : children;
}
