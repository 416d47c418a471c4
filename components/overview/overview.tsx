"use client";
import { Button } from "@mantine/core";
import { Page, PageHeader } from "../ui/page-header.tsx";

export function Overview() {
  return (
    <Page>
      <PageHeader title="x" actions={<Button variant="filled">New pool</Button>} />
    </Page>
  );
}
