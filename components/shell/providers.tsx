"use client";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { createQueryClient } from "@/lib/queries/client.ts";
import { startLive } from "@/lib/queries/live.ts";
import { useShot } from "../shot/use-shot.ts";
import { cssVariablesResolver, theme } from "../theme/theme.ts";

/** Theme, query cache and live stream around every page. `nonce` goes on the style tags that the theme writes. */
export function Providers({ nonce, children }: { nonce: string; children: React.ReactNode }) {
  const [client] = useState(createQueryClient);
  const shot = useShot();
  // A picture is of one moment: it asks once and follows nothing.
  useEffect(() => (shot ? undefined : startLive(client)), [client, shot]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    </MantineProvider>
  );
}
