"use client";
import { Page } from "@/components/ui/page-header.tsx";
import { Failed } from "@/components/ui/states.tsx";

/** A page that failed to draw. The rest of Poolboard goes on; the numbers on the server are not touched by it. */
export default function ErrorPage({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <Page>
      <Failed
        title="This page could not be drawn"
        detail={error.message}
        copy={error.stack ?? error.message}
        onRetry={reset}
      />
    </Page>
  );
}
