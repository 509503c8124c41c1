import { EChartsOption } from "echarts";
import { count } from "../format";
import { DayActivity } from "../model";
import { Chart, colourAt, colours, Drawing, legend } from "./draw";

const symbols = ["circle", "rect", "triangle", "diamond", "pin", "arrow"] as const;
const dashes = ["solid", "dashed", "dotted"] as const;

/** Rows of each day, the platforms on top of each other. */
export function rowsChart(days: DayActivity[], platforms: string[]): Chart {
  return {
    id: "rows",
    title: "Rows by day and platform",
    description: `Rows in the table by local date, of ${platforms.join(" and ")}.`,
    ...drawings(days, platforms, (platform, place) => ({
      type: "bar",
      stack: "rows",
      name: platform,
      silent: true,
      barMaxWidth: 44,
      itemStyle: { color: colourAt(place), borderColor: colours.card, borderWidth: 1 },
      data: datesOf(days).map((date) => find(days, date, platform)?.rows ?? 0),
    })),
  };
}

/** Users of each day, a line a platform. */
export function usersChart(days: DayActivity[], platforms: string[]): Chart {
  return {
    id: "users",
    title: "Daily active users",
    description: `Different users by local date, of ${platforms.join(" and ")}.`,
    ...drawings(days, platforms, (platform, place) => ({
      type: "line",
      name: platform,
      silent: true,
      symbol: symbols[place % symbols.length],
      symbolSize: 8,
      itemStyle: { color: colourAt(place) },
      lineStyle: { color: colourAt(place), width: 2.5, type: dashes[place % dashes.length] },
      data: datesOf(days).map((date) => find(days, date, platform)?.users ?? 0),
    })),
  };
}

type Series = Extract<NonNullable<EChartsOption["series"]>, unknown[]>[number];

function drawings(
  days: DayActivity[],
  platforms: string[],
  series: (platform: string, place: number) => Series,
): { wide: Drawing; narrow: Drawing } {
  const option = (left: number, short: boolean): EChartsOption => ({
    legend: legend(platforms),
    grid: { left, right: 12, top: 40, bottom: 28 },
    xAxis: {
      type: "category",
      data: datesOf(days),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.muted } },
      axisLabel: {
        color: colours.muted,
        hideOverlap: true,
        formatter: (date: string) => (short ? date.slice(5) : date),
      },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      axisLabel: { color: colours.muted, formatter: (value: number) => count(value) },
      splitLine: { lineStyle: { color: colours.line } },
    },
    series: platforms.map(series),
  });
  return {
    wide: { height: 280, option: option(56, false) },
    narrow: { height: 240, option: option(48, true) },
  };
}

export const datesOf = (days: { date: string }[]): string[] => [
  ...new Set(days.map(({ date }) => date)),
];

export const find = (days: DayActivity[], date: string, platform: string) =>
  days.find((day) => day.date === date && day.platform === platform);
