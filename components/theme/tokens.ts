/** One design token: its value on the light and on the dark ground. */
type Token = readonly [light: string, dark: string];

/**
 * Every colour of the product, by its CSS name without the `--pb-` prefix. Contrast and the distance between
 * neighbours were measured for exactly these values: change one and measure again.
 */
export const tokens = {
  bg: ["#ffffff", "#0d1215"],
  rail: ["#f4f7f9", "#090d10"],
  sunken: ["#f1f4f6", "#12181c"],
  hover: ["#ecf0f3", "#181f23"],
  raised: ["#ffffff", "#161c20"],
  line: ["#dee4e7", "#22292d"],
  line2: ["#c6cdd1", "#363f44"],
  control: ["#7e888d", "#636d74"],
  track: ["rgb(20 29 35 / 0.08)", "rgb(233 238 240 / 0.12)"],
  text: ["#141d23", "#e9eef0"],
  text2: ["#48535a", "#abb4b9"],
  text3: ["#616c73", "#879399"],
  accent: ["#086e8a", "#5dc6d2"],
  warn: ["#945406", "#f2b659"],
  warnbg: ["#fff2dc", "#32220e"],
  warnfill: ["#cb7207", "#eb9f37"],
  crit: ["#b91b22", "#fc7e78"],
  critbg: ["#ffeeed", "#3c1717"],
  critfill: ["#c52529", "#f24f4e"],
  ok: ["#12724b", "#64cc9d"],
  okbg: ["#e1f8eb", "#0a2b1e"],
  "depth-0": ["#d2efed", "#1b2f3f"],
  "depth-1": ["#78c9ce", "#24546d"],
  "depth-2": ["#359db5", "#247891"],
  "depth-3": ["#17769b", "#329bac"],
  "depth-4": ["#134d7b", "#5ac5c8"],
  "depth-5": ["#122349", "#afeee6"],
  /** Names side by side, where no order is meant; each has a letter besides. */
  "cat-1": ["#2f6fb5", "#6ba6e8"],
  "cat-2": ["#b3610b", "#e8964a"],
  "cat-3": ["#2e7d4f", "#63b985"],
  "cat-4": ["#8153b5", "#b692e6"],
  "cat-5": ["#b8405e", "#ee8aa2"],
  "cat-6": ["#77751a", "#bdb84c"],
  "cat-7": ["#0f7f86", "#4fc0c6"],
  "cat-8": ["#7c5842", "#c49c82"],
  tunnel: ["#a975e8", "#7c519d"],
  borrowed: ["#cc7b05", "#ac6000"],
  cooling: ["#1f4466", "#b8d8f6"],
  leak: ["#840021", "#ff9a9d"],
  reserved: ["#828c92", "#616a70"],
  /** Text on depth-3. */
  "on-used": ["#ffffff", "#0d1215"],
  shadow: [
    "0 1px 2px rgb(12 24 32 / 0.06), 0 8px 28px rgb(12 24 32 / 0.14)",
    "0 0 0 1px #000, 0 12px 40px rgb(0 0 0 / 0.6)",
  ],
} as const satisfies Record<string, Token>;

export type TokenName = keyof typeof tokens;

/** The tokens of one scheme as CSS custom properties. */
export function tokenVariables(scheme: "light" | "dark"): Record<string, string> {
  const side = scheme === "light" ? 0 : 1;
  return Object.fromEntries(Object.entries(tokens).map(([name, values]) => [`--pb-${name}`, values[side]]));
}
