"use client";
import { Button } from "@mantine/core";
import Link from "next/link";
import { Page } from "@/components/ui/page-header.tsx";
import { Empty } from "@/components/ui/states.tsx";

export default function NotFound() {
  return (
    <Page>
      <Empty
        title="There is no such page"
        detail="The address was mistyped, or the link is from another version."
      >
        <Button component={Link} href="/">
          Go to the overview
        </Button>
      </Empty>
    </Page>
  );
}
