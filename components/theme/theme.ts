import {
  type Button,
  type CSSVariablesResolver,
  createTheme,
  type Drawer,
  type Input,
  type MantineColorsTuple,
  type Modal,
  type Popover,
  type SegmentedControl,
  type Switch,
  type Tabs,
} from "@mantine/core";
import classes from "./theme.module.css";
import { tokenVariables } from "./tokens.ts";

const gray: MantineColorsTuple = [
  "#f4f7f9",
  "#ecf0f3",
  "#e4e9ec",
  "#dee4e7",
  "#c6cdd1",
  "#616c73",
  "#48535a",
  "#38434a",
  "#232d33",
  "#141d23",
];
const dark: MantineColorsTuple = [
  "#e9eef0",
  "#cbd3d7",
  "#abb4b9",
  "#879399",
  "#363f44",
  "#22292d",
  "#161c20",
  "#0d1215",
  "#090d10",
  "#06080a",
];
const [, g1, g2, g3, g4, g5, g6, g7, g8, g9] = gray;
const ink: MantineColorsTuple = ["#e9eef0", g1, g2, g3, g4, g5, g6, g7, g8, g9];

const px = (value: number) => `${value / 16}rem`;
const buttonHeights: Readonly<Record<string, number>> = { xs: 26, sm: 30, md: 34, lg: 40 };

/**
 * What `Part.extend` would return, checked as it checks. The kit's own function brings the component along: every page would
 * load dialogs and popovers before it shows anything, a third of the kit.
 */
function styled<Part extends { extend: (input: never) => unknown }>(input: Parameters<Part["extend"]>[0]) {
  return input;
}

export const theme = createTheme({
  fontFamily: '"Geist Variable", system-ui, sans-serif',
  fontFamilyMonospace: '"Geist Mono Variable", ui-monospace, monospace',
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: px(20), lineHeight: px(28) },
      h2: { fontSize: px(14), lineHeight: px(20) },
      h3: { fontSize: px(13), lineHeight: px(20) },
    },
  },
  fontSizes: { xs: px(11), sm: px(12), md: px(13), lg: px(14), xl: px(20) },
  fontWeights: { regular: "400", medium: "500", bold: "600" },
  spacing: { xs: px(4), sm: px(8), md: px(12), lg: px(16), xl: px(24) },
  radius: { xs: px(2), sm: px(4), md: px(6), lg: px(8), xl: px(10) },
  defaultRadius: "md",
  respectReducedMotion: true,
  autoContrast: true,
  cursorType: "pointer",
  primaryColor: "ink",
  primaryShade: { light: 9, dark: 0 },
  black: "#0d1215",
  colors: { gray, dark, ink },
  shadows: { md: "var(--pb-shadow)" },
  components: {
    Button: styled<typeof Button>({
      defaultProps: { variant: "default" },
      classNames: { root: classes.button, inner: classes.buttonInner },
      vars: (_theme, props) => ({
        root: {
          "--button-height": px(buttonHeights[props.size ?? "sm"] ?? 30),
          "--button-fz": px(props.size === "xs" ? 12 : 13),
          "--button-padding-x": px(props.size === "xs" ? 8 : 12),
        },
      }),
    }),
    Switch: styled<typeof Switch>({
      defaultProps: { color: "var(--pb-accent)", withThumbIndicator: false },
      classNames: {
        body: classes.switchBody,
        input: classes.switchInput,
        track: classes.switchTrack,
        thumb: classes.switchThumb,
      },
      vars: () => ({
        root: { "--switch-height": px(18), "--switch-width": px(30), "--switch-thumb-size": px(12) },
        track: {},
        trackLabel: {},
        thumb: {},
      }),
    }),
    SegmentedControl: styled<typeof SegmentedControl>({
      defaultProps: { radius: "md", withItemsBorders: false },
      classNames: {
        root: classes.segmented,
        control: classes.segment,
        input: classes.segmentInput,
        label: classes.segmentLabel,
        indicator: classes.segmentIndicator,
      },
    }),
    Tabs: styled<typeof Tabs>({ classNames: { list: classes.tabList, tab: classes.tab } }),
    Input: styled<typeof Input>({ classNames: { input: classes.input } }),
    InputWrapper: styled<typeof Input.Wrapper>({
      defaultProps: { inputWrapperOrder: ["label", "input", "description", "error"] },
      classNames: { label: classes.label, description: classes.description, error: classes.error },
    }),
    // The library locks scrolling with a style tag that our content policy refuses. Wheel and touch stay in the dialog all the same.
    ModalRoot: styled<typeof Modal.Root>({
      defaultProps: { lockScroll: false, radius: "xl", padding: 0 },
      classNames: { inner: classes.contained },
    }),
    DrawerRoot: styled<typeof Drawer.Root>({ defaultProps: { lockScroll: false } }),
    Popover: styled<typeof Popover>({
      defaultProps: { withArrow: false, shadow: "md", radius: "lg" },
      classNames: { dropdown: classes.floating },
    }),
  },
});

/** Puts every token on the page and points Mantine's own variables at them. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const mantine = {
    "--mantine-color-text": "var(--pb-text)",
    "--mantine-color-body": "var(--pb-bg)",
    "--mantine-color-dimmed": "var(--pb-text2)",
    "--mantine-color-placeholder": "var(--pb-text3)",
    "--mantine-color-default": "var(--pb-raised)",
    "--mantine-color-default-hover": "var(--pb-hover)",
    "--mantine-color-default-color": "var(--pb-text)",
    "--mantine-color-default-border": "var(--pb-line2)",
    "--mantine-color-error": "var(--pb-crit)",
    "--mantine-color-anchor": "var(--pb-text)",
  };
  return {
    variables: {},
    light: { ...tokenVariables("light"), ...mantine },
    dark: { ...tokenVariables("dark"), ...mantine },
  };
};
