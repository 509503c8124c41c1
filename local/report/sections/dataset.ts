import { datesOf, find, rowsChart, usersChart } from "../charts/activity";
import { Ranked, rankingChart } from "../charts/ranking";
import { count, share, sum } from "../format";
import { Html, html, Part } from "../html";
import { DayActivity, EventCount, FunnelDay, platformsOf, RunPage } from "../model";
import { figure, found, quiet, section, table } from "./parts";

const mostEvents = 12;

/** What Athena says of the whole table after the run, by the stack's saved queries. */
export function activitySection(page: RunPage): Html {
  const { activity, events } = page;
  const platforms = platformsOf(page);
  return section(
    "activity",
    "Activity",
    html`<p>What the table holds after this run, all days, as Athena counts it.</p>`,
    found(activity, (days) =>
      days.length === 0 ? quiet("The table is empty.") : daysOf(days, platforms),
    ),
    found(events, (counts) => (counts.length === 0 ? undefined : eventsOf(counts, platforms))),
  );
}

function daysOf(days: DayActivity[], platforms: string[]): Part {
  const figures = (caption: string, of: (day: DayActivity) => number) =>
    table(
      caption,
      [{ name: "Date" }, ...numbers(platforms)],
      datesOf(days).map((date) => [
        date,
        ...platforms.map((platform) => {
          const day = find(days, date, platform);
          return day ? count(of(day)) : "–";
        }),
      ]),
    );
  return [
    figure(
      rowsChart(days, platforms),
      figures("Rows by date and platform", ({ rows }) => rows),
    ),
    figure(
      usersChart(days, platforms),
      figures("Users by date and platform", ({ users }) => users),
    ),
  ];
}

function eventsOf(counts: EventCount[], platforms: string[]): Part {
  const names = [...new Set(counts.map(nameOf))];
  const bars: Ranked[] = names
    .map((name) => ({
      name,
      values: platforms.map((platform) =>
        sum(counts.filter((one) => nameOf(one) === name && one.platform === platform).map(rowsOf)),
      ),
    }))
    .sort((one, other) => sum(other.values) - sum(one.values))
    .slice(0, mostEvents);
  const chart = {
    id: "events",
    title: "Most frequent events",
    description: `The ${bars.length} events with most rows, by platform.`,
  };
  const figures = table(
    `Events with most rows, of ${count(names.length)}`,
    [{ name: "Event" }, ...numbers(platforms)],
    bars.map(({ name, values }) => [name, ...values.map(count)]),
  );
  return figure(rankingChart(chart, bars, platforms), figures);
}

const numbers = (names: string[]) => names.map((name) => ({ name, number: true as const }));
const nameOf = ({ type, event }: EventCount): string => event || (type ? `(${type})` : "(none)");
const rowsOf = ({ rows }: EventCount): number => rows;

export function funnelSection({ funnel }: RunPage): Html {
  return section(
    "funnel",
    "Funnel",
    found(funnel, (days) => (days.length === 0 ? quiet("The table is empty.") : funnelOf(days))),
  );
}

/** Users are counted once a day: the sum over days is one of days on which a user was there. */
function funnelOf(days: FunnelDay[]): Part {
  const names = days[0]?.steps.map(({ name }) => name) ?? [];
  const users = (day: FunnelDay, name: string) =>
    day.steps.find((step) => step.name === name)?.users ?? 0;
  const sums = names.map((name) => sum(days.map((day) => users(day, name))));
  const bars: Ranked[] = names.map((name, place) => ({
    name,
    remark: share(sums[place] ?? 0, sums[0] ?? 0),
    values: [sums[place] ?? 0],
  }));
  const chart = {
    id: "funnel-steps",
    title: "Users who reach each step, summed over days",
    description: "A bar a step, with its share of the first step.",
  };
  const figures = table(
    "Users who reach each step, by date",
    [{ name: "Date" }, ...numbers(names)],
    days.map((day) => [day.date, ...names.map((name) => count(users(day, name)))]),
  );
  return figure(rankingChart(chart, bars, ["users"]), figures);
}
