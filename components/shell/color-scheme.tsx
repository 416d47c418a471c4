"use client";
import { type MantineColorScheme, useMantineColorScheme } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import classes from "./color-scheme.module.css";

const schemes: readonly { value: MantineColorScheme; label: string }[] = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "auto", label: "System" },
];

/** Light, dark, or what the system says. The server cannot know the choice, so it is marked once mounted. */
export function ColorScheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const mounted = useMounted();
  return (
    <fieldset className={classes.schemes}>
      <legend className={classes.legend}>Theme</legend>
      {schemes.map((scheme) => (
        <label key={scheme.value} className={classes.scheme}>
          <input
            type="radio"
            name="color-scheme"
            checked={mounted && colorScheme === scheme.value}
            onChange={() => setColorScheme(scheme.value)}
          />
          <span>{scheme.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
