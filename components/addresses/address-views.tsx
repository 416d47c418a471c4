"use client";
import { useRouter } from "next/navigation";
import { Segments } from "@/components/ui/filter-bar.tsx";
import { useUrlState } from "@/components/ui/use-url-state.ts";

/** Between addresses and reservations; each has filters of its own, which do not go along. */
export function AddressViews() {
  const router = useRouter();
  const { params } = useUrlState();
  return (
    <Segments
      label="Which list"
      value={params.get("view") === "reservations" ? "reservations" : "addresses"}
      options={[
        { value: "addresses", label: "Addresses" },
        { value: "reservations", label: "Reservations" },
      ]}
      onChange={(value) =>
        router.push(value === "reservations" ? "/addresses?view=reservations" : "/addresses")
      }
    />
  );
}
