import { EChartsOption, init } from "echarts";
import { escaped, Html, html } from "../html";

/** A chart for the width of a page and one for that of a phone, and its figures as a table. */
export interface Chart {
  /** Unique in the page: ids are made of it. */
  id: string;
  title: string;
  /** What one sees in it, in a sentence or two. */
  description: string;
  wide: Drawing;
  narrow: Drawing;
}

export interface Drawing {
  height: number;
  option: EChartsOption;
}

const widths = { wide: 1040, narrow: 340 } as const;

/** Names of colours in the style sheet, which has them for light and dark. */
export const colours = {
  ink: "var(--ink)",
  muted: "var(--muted)",
  line: "var(--line)",
  card: "var(--card)",
  good: "var(--good)",
  bad: "var(--bad)",
  quiet: "var(--quiet)",
} as const;

const seriesColours = 6;

/** The colour of the series at a place. */
export const colourAt = (place: number): string => `var(--series-${(place % seriesColours) + 1})`;

export const textStyle = { color: colours.ink, fontSize: 12, fontFamily: "inherit" } as const;

/** Names of the series, with their colours, above the drawing. */
export const legend = (series: string[]) => ({
  left: 0,
  top: 0,
  textStyle: { color: colours.ink },
  selectedMode: false,
  itemGap: 24,
  data: series,
});

/** The chart's two drawings. Style sheets show the one that fits. */
export function drawn(chart: Chart): Html {
  return html`<div class="wide">${svg(chart, "wide")}</div>
    <div class="narrow">${svg(chart, "narrow")}</div>`;
}

function svg(chart: Chart, size: keyof typeof widths): Html {
  const { height, option } = chart[size];
  const width = widths[size];
  const instance = init(null, null, { renderer: "svg", ssr: true, width, height });
  instance.setOption({ animation: false, textStyle, ...option });
  const text = instance.renderToSVGString();
  instance.dispose();
  const id = `${chart.id}-${size}`;
  const root =
    `<svg role="img" aria-labelledby="${id}-title ${id}-desc" viewBox="0 0 ${width} ${height}">` +
    `<title id="${id}-title">${escaped(chart.title)}</title>` +
    `<desc id="${id}-desc">${escaped(chart.description)}</desc>`;
  return new Html(
    text
      .replace(/^<svg[^>]*>/, () => root)
      // Effects of the pointer, which a drawing has no use for.
      .replace(/<style[\s\S]*?<\/style>/g, "")
      .replace(/ (?:ecmeta_\w+|class|pointer-events)="[^"]*"/g, "")
      .replaceAll("font-family:inherit;", ""),
  );
}
