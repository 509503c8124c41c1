import { EChartsOption } from "echarts";
import { RunReport } from "../../runs/counts";
import { count, sum } from "../format";
import { Chart, colourAt, colours } from "./draw";

interface Place {
  label: string;
  colour: string;
}

interface Flow {
  from: string;
  to: string;
  records: number;
}

/** More days than these can't be told apart. */
const mostDays = 14;

/** Where the records of each source have gone; on a wide page also which days the rows are of. */
export function flowChart(job: RunReport, platforms: string[]): Chart {
  const places = new Map<string, Place>([
    ["written", { label: "written", colour: colours.good }],
    ["duplicates", { label: "duplicates", colour: colours.muted }],
    ["quarantined", { label: "quarantined", colour: colours.bad }],
  ]);
  const fates: Flow[] = [];
  for (const [source, counts] of Object.entries(job.sources)) {
    const from = `source ${source}`;
    places.set(from, { label: source, colour: colourAt(platforms.indexOf(source)) });
    fates.push(
      { from, to: "written", records: counts.rows_written },
      { from, to: "duplicates", records: counts.duplicates },
      { from, to: "quarantined", records: counts.quarantined },
    );
  }
  const details: Flow[] = [];
  for (const [date, records] of daysOf(job)) {
    places.set(`date ${date}`, { label: date, colour: colours.good });
    details.push({ from: "written", to: `date ${date}`, records });
  }
  for (const [reason, records] of Object.entries(job.quarantine_reasons)) {
    places.set(`reason ${reason}`, { label: reason, colour: colours.bad });
    details.push({ from: "quarantined", to: `reason ${reason}`, records });
  }
  const ends = new Set(details.map(({ to }) => to)).size;
  return {
    id: "flow",
    title: "Where the records went",
    description:
      "From each source to rows written, duplicates and quarantined records, and on to the rows' local dates.",
    wide: {
      height: Math.max(240, (ends + 1) * 34),
      option: sankey(places, [...fates, ...details], 170),
    },
    narrow: { height: 260, option: sankey(places, fates, 130) },
  };
}

/** Days of the rows; none where they are of other rows, too: compaction and rebuilds count those. */
function daysOf(job: RunReport): [date: string, rows: number][] {
  const days = Object.entries(job.dates);
  const written = sum(Object.values(job.sources).map(({ rows_written }) => rows_written));
  return days.length <= mostDays && sum(Object.values(job.dates)) === written ? days : [];
}

const longestLabel = 18;

const shortened = (label: string): string =>
  label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label;

/** @param margin at the right, for the labels of the last places. */
function sankey(places: Map<string, Place>, flows: Flow[], margin: number): EChartsOption {
  const links = flows.filter(({ records }) => records > 0);
  const through = (id: string) => {
    const into = links.filter(({ to }) => to === id);
    const counted = into.length > 0 ? into : links.filter(({ from }) => from === id);
    return sum(counted.map(({ records }) => records));
  };
  const used = [...places].filter(([id]) => through(id) > 0);
  return {
    series: [
      {
        type: "sankey",
        silent: true,
        nodeAlign: "left",
        layoutIterations: 0,
        left: 4,
        right: margin,
        top: 12,
        bottom: 12,
        nodeWidth: 12,
        nodeGap: 20,
        lineStyle: { color: "source", opacity: 0.28, curveness: 0.5 },
        label: { color: colours.ink, fontSize: 12 },
        data: used.map(([id, { label, colour }]) => ({
          name: id,
          itemStyle: { color: colour, borderWidth: 0, opacity: 1 },
          label: { formatter: () => `${shortened(label)}  ${count(through(id))}` },
        })),
        links: links.map(({ from, to, records }) => ({
          source: from,
          target: to,
          value: records,
        })),
      },
    ],
  };
}
