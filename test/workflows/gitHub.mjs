#!/usr/bin/env node
// Answers the calls of GitHub's `gh` that the workflow makes, from the files of one folder
// (GITHUB_FOLDER): pulls.json, comments.json, and artifacts/<run>/<name>/. Writes change comments.json.
import fs from "node:fs";
import path from "node:path";

const folder = process.env.GITHUB_FOLDER;
const file = (name) => path.join(folder, name);
const read = (name) => JSON.parse(fs.readFileSync(file(name), "utf8"));
const [command, ...rest] = process.argv.slice(2);
const valuesOf = (...names) => rest.flatMap((arg, i) => (names.includes(arg) ? rest[i + 1] : []));

if (command === "run" && rest[0] === "download") {
  const [dir] = valuesOf("--dir");
  const names = valuesOf("--name").filter((name) =>
    fs.existsSync(file(`artifacts/${rest[1]}/${name}`)),
  );
  if (names.length === 0) fail("no artifact matches any of the names or patterns provided");
  for (const name of names) {
    fs.cpSync(file(`artifacts/${rest[1]}/${name}`), path.join(dir, name), { recursive: true });
  }
} else if (command === "api") {
  const [method = "GET"] = valuesOf("--method");
  const [input] = valuesOf("--input");
  const target = rest.find((arg) => arg.startsWith("repos/owner/name/"));
  const body = input && JSON.parse(fs.readFileSync(input, "utf8")).body;
  api(`${method} ${target?.slice("repos/owner/name/".length)}`, body);
} else fail(`no such command here: ${command}`);

function api(call, body) {
  const [, id] = /^PATCH issues\/comments\/(\d+)$/.exec(call) ?? [];
  const [, of] = /^(?:GET|POST) issues\/(\d+)\/comments$/.exec(call) ?? [];
  if (call === "GET pulls") {
    const fields = Object.fromEntries(valuesOf("-f").map((field) => field.split(/=(.*)/s)));
    const isAsked = ({ head, state }) => head.label === fields.head && state === fields.state;
    process.stdout.write(JSON.stringify(read("pulls.json").filter(isAsked)));
  } else if (call.startsWith("GET") && of) {
    const comments = read("comments.json").filter(({ issue }) => issue === Number(of));
    process.stdout.write(JSON.stringify(comments));
  } else if (of) {
    const comments = read("comments.json");
    const user = { login: "github-actions[bot]" };
    save([...comments, { id: comments.length + 1, issue: Number(of), user, body }]);
  } else if (id) {
    save(read("comments.json").map((one) => (one.id === Number(id) ? { ...one, body } : one)));
  } else fail(`no such call here: ${call}`);
}

function save(comments) {
  fs.writeFileSync(file("comments.json"), JSON.stringify(comments));
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
