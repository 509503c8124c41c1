import { EChartsOption } from "echarts";
import { count, sum } from "../format";
import { Chart, colourAt, colours, legend } from "./draw";

export interface Ranked {
  name: string;
  /** What stands behind the bar, after its value. */
  remark?: string;
  /** Parts of the bar, by series. */
  values: number[];
}

/** Bars of one or several parts, with names before and sums behind them. */
export function rankingChart(
  head: Pick<Chart, "id" | "title" | "description">,
  bars: Ranked[],
  series: string[],
): Chart {
  const named = series.length > 1;
  const option = (left: number, right: number): EChartsOption => ({
    legend: named ? legend(series) : undefined,
    grid: { left, right, top: named ? 36 : 4, bottom: 4 },
    xAxis: { type: "value", show: false, max: "dataMax" },
    yAxis: {
      type: "category",
      inverse: true,
      data: bars.map(({ name }) => name),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: {
        color: colours.ink,
        width: left - 12,
        overflow: "truncate",
        align: "left",
        margin: left - 4,
      },
    },
    series: series.map((name, place) => ({
      type: "bar",
      stack: "all",
      name,
      silent: true,
      barWidth: 18,
      itemStyle: { color: colourAt(place), borderColor: colours.card, borderWidth: 1 },
      data: bars.map((bar) => bar.values[place] ?? 0),
      label:
        place === series.length - 1
          ? {
              show: true,
              position: "right",
              color: colours.muted,
              formatter: ({ dataIndex }) => {
                const bar = bars[dataIndex];
                return bar ? [count(sum(bar.values)), bar.remark].filter(Boolean).join("  ") : "";
              },
            }
          : undefined,
    })),
  });
  const height = bars.length * 30 + (named ? 44 : 12);
  return {
    ...head,
    wide: { height, option: option(220, 150) },
    narrow: { height, option: option(120, 96) },
  };
}
