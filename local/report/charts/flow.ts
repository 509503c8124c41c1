import { EChartsOption, SankeySeriesOption } from "echarts";
import { RunReport } from "../../commands/counts";
import { count, sum } from "../format";
import { Chart, colourAt, colours } from "./draw";

interface Flow {
  from: string;
  to: string;
  records: number;
}

const outcomes = { rows_written: "written", duplicates: "duplicates", quarantined: "quarantined" };
const outcomeColours = {
  rows_written: colours.good,
  duplicates: colours.muted,
  quarantined: colours.bad,
};

/** Where the records of each source have gone; on a wide page also which days the rows are of. */
export function flowChart(job: RunReport): Chart | undefined {
  const kinds = Object.keys(outcomes) as (keyof typeof outcomes)[];
  const sources = Object.entries(job.sources).filter(([, counts]) => counts.records_read > 0);
  if (sources.length === 0) return undefined;
  const fates: Flow[] = sources.flatMap(([source, counts]) =>
    kinds.map((kind) => ({ from: `source ${source}`, to: kind, records: counts[kind] })),
  );
  const dates = Object.entries(job.dates);
  // Compaction and a rebuild count rows that this run has not read.
  const closes =
    sum(Object.values(job.dates)) === sum(sources.map(([, { rows_written }]) => rows_written));
  const days: Flow[] = (closes ? dates : []).map(([date, records]) => ({
    from: "rows_written",
    to: `date ${date}`,
    records,
  }));
  const reasons: Flow[] = Object.entries(job.quarantine_reasons).map(([reason, records]) => ({
    from: "quarantined",
    to: `reason ${reason}`,
    records,
  }));
  const names = (id: string) =>
    id in outcomes ? outcomes[id as keyof typeof outcomes] : id.slice(id.indexOf(" ") + 1);
  const colour = (id: string) =>
    id in outcomeColours
      ? outcomeColours[id as keyof typeof outcomeColours]
      : id.startsWith("source ")
        ? colourAt(sources.findIndex(([name]) => id === `source ${name}`))
        : id.startsWith("date ")
          ? colours.good
          : colours.bad;
  const draw = (flows: Flow[], margin: number): EChartsOption => {
    const links = flows.filter(({ records }) => records > 0);
    const ids = [...new Set(links.flatMap(({ from, to }) => [from, to]))];
    const into = (id: string) => sum(links.filter(({ to }) => to === id).map((f) => f.records));
    const outOf = (id: string) =>
      sum(links.filter(({ from }) => from === id).map((f) => f.records));
    const series: SankeySeriesOption = {
      type: "sankey",
      silent: true,
      left: 4,
      right: margin,
      top: 12,
      bottom: 12,
      nodeWidth: 12,
      nodeGap: 20,
      layoutIterations: 0,
      data: ids.map((id) => ({
        name: id,
        itemStyle: { color: colour(id), borderWidth: 0, opacity: 1 },
        label: {
          formatter: `${names(id)}  ${count(into(id) || outOf(id))}`.replaceAll("{", "("),
        },
      })),
      links: links.map(({ from, to, records }) => ({ source: from, target: to, value: records })),
      lineStyle: { color: "source", opacity: 0.28, curveness: 0.5 },
      label: { color: colours.ink, fontSize: 12, overflow: "truncate", width: margin + 60 },
    };
    return { series: [series] };
  };
  const parts = (flows: Flow[]) => new Set(flows.flatMap(({ from, to }) => [from, to])).size;
  const all = [...fates, ...days, ...reasons];
  return {
    id: "flow",
    title: "Where the records went",
    description:
      "From each source to rows written, duplicates and quarantined records, and on to the rows' local dates.",
    wide: { height: Math.max(240, parts([...days, ...reasons]) * 34), option: draw(all, 170) },
    narrow: { height: 120 + parts(fates) * 30, option: draw(fates, 130) },
  };
}
