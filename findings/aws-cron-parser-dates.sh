#!/usr/bin/env bash
# aws-cron-parser fires on days that the expression doesn't name, and never says that a date can't be.
#
# One would guess: the package that reads AWS's cron dialect leaves out a month that lacks the day (29 February
#   fires in leap years alone, 30 February never), takes a list of days with L as both of them, and reads
#   31W, a wildcard that AWS's guide explains.
# Seen: `29 2` fires on 1 March of each other year, `30 2` on 2 March each year, `31` also on the first days
#   behind a shorter month. `1,L` fires on the day before the last, and not on the 1st. `31W` throws "should not
#   happen". croner in its Quartz-like mode has all of them right.
# Versions: aws-cron-parser 1.1.12, croner 11.0.1.
# Why it matters: a check "does this schedule ever fire" passes for what AWS never runs, and previews of
#   schedules show dates on which nothing happens.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >npm.log
npm install --silent --no-audit --no-fund --save-exact aws-cron-parser@1.1.12 croner@11.0.1
node - <<'JAVASCRIPT'
const { Cron } = require("croner");
const { next, parse } = require("aws-cron-parser");

const start = new Date("2026-01-01T00:00:00Z");

function dates(step) {
  const found = [];
  try {
    for (let at = step(start); at && found.length < 3; at = step(at)) {
      found.push(at.toISOString().slice(0, 10));
    }
  } catch (error) {
    return error.message;
  }
  return found.join(" ") || "never";
}

function byParser(expression) {
  return dates((at) => next(parse(expression), at));
}

function byCroner(expression) {
  const options = { mode: "7-part", timezone: "UTC", alternativeWeekdays: true, sloppyRanges: true };
  const cron = new Cron(`0 ${expression}`, options);
  return dates((at) => cron.nextRun(at));
}

const expected = {
  "0 10 29 2 ? *": ["2026-03-01 2027-03-01 2028-02-29", "2028-02-29 2032-02-29 2036-02-29"],
  "0 10 30 2 ? *": ["2026-03-02 2027-03-02 2028-03-01", "never"],
  "0 10 31 2-4 ? *": ["2026-03-03 2026-03-31 2026-05-01", "2026-03-31 2027-03-31 2028-03-31"],
  "0 10 1,L * ? *": ["2026-01-30 2026-02-27 2026-03-30", "2026-01-01 2026-01-31 2026-02-01"],
  "0 10 31W * ? *": ["getDaysOfMonthForW - should not happen", "2026-01-30 2026-03-31 2026-05-29"],
};
let changed = false;
for (const [expression, [parser, croner]] of Object.entries(expected)) {
  const seen = [byParser(expression), byCroner(expression)];
  console.log(`cron(${expression})\n  aws-cron-parser  ${seen[0]}\n  croner           ${seen[1]}`);
  if (seen[0] !== parser || seen[1] !== croner) changed = true;
}
if (changed) {
  console.error("no longer so");
  process.exit(1);
}
JAVASCRIPT
