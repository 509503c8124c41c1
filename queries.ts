import { AthenaView, SavedQuery } from "./components";

/** Who was there each day, by platform: what dashboards read. */
export function standardViews(table: string): AthenaView[] {
  return [
    {
      name: "daily_active_users",
      description: "Users and events by platform and local day",
      sql: `SELECT date, platform,
       COUNT(DISTINCT COALESCE(user_id, anonymous_id)) AS active_users,
       COUNT(*) AS events
FROM ${table}
GROUP BY date, platform`,
      columns: [
        { name: "date", type: "string" },
        { name: "platform", type: "string" },
        { name: "active_users", type: "bigint" },
        { name: "events", type: "bigint" },
      ],
    },
  ];
}

/** The questions that every team asks first, over the curated table. */
export function standardQueries(table: string): SavedQuery[] {
  return [
    {
      name: "daily-active-users",
      description: "Users and events by platform and local day, newest first",
      query: `SELECT date, platform, active_users, events
FROM daily_active_users
ORDER BY date DESC, platform`,
    },
    {
      name: "events-by-type",
      description: "Events by day, platform, type and name",
      query: `SELECT date, platform, type, event, COUNT(*) AS events
FROM ${table}
GROUP BY date, platform, type, event
ORDER BY date DESC, events DESC`,
    },
    {
      name: "purchase-funnel",
      description: "Users who reach each step from product to order, by local day",
      query: `SELECT date,
       COUNT(DISTINCT CASE WHEN event = 'Product Viewed' THEN anonymous_id END) AS viewed,
       COUNT(DISTINCT CASE WHEN event = 'Product Added' THEN anonymous_id END) AS added,
       COUNT(DISTINCT CASE WHEN event = 'Checkout Started' THEN anonymous_id END) AS checkout,
       COUNT(DISTINCT CASE WHEN event = 'Order Completed' THEN anonymous_id END) AS ordered
FROM ${table}
GROUP BY date
ORDER BY date DESC`,
    },
  ];
}
