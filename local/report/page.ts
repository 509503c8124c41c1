import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { html, Html } from "./html";
import { RunPage } from "./model";
import { costSection } from "./sections/cost";
import { activitySection, funnelSection } from "./sections/dataset";
import { quarantineSection, recordsSection } from "./sections/records";
import { schemaSection } from "./sections/schema";
import { header, tiles, verdict } from "./sections/summary";
import { workflowSection } from "./sections/workflow";

const contents = [
  ["workflow", "Workflow"],
  ["records", "Records"],
  ["quarantine", "Quarantine"],
  ["activity", "Activity"],
  ["funnel", "Funnel"],
  ["schema", "Schema"],
  ["cost", "Cost"],
];

/** The page of a run: one file that asks for no other and runs no script. */
export function render(page: RunPage): string {
  const style = fs.readFileSync(path.join(__dirname, "style.css"), "utf8");
  const hash = createHash("sha256").update(style).digest("base64");
  const policy =
    `default-src 'none'; style-src-elem 'sha256-${hash}'; style-src-attr 'unsafe-inline'; ` +
    "base-uri 'none'; form-action 'none'";
  const day = page.startedAt.toISOString().slice(0, 10);
  const title = `${page.workflow} ${day}: ${verdict(page).text.toLowerCase()}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        ${new Html(`<style>${style}</style>`)}
      </head>
      <body>
        <a class="skip" href="#content">Skip to content</a>
        <div class="page">
          ${header(page)}
          <nav aria-label="Parts of this page">
            <ul>
              ${contents.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}
            </ul>
          </nav>
          <main id="content" tabindex="-1">
            ${tiles(page)} ${workflowSection(page)} ${recordsSection(page)}
            ${quarantineSection(page)} ${activitySection(page)} ${funnelSection(page)}
            ${schemaSection(page)} ${costSection(page)}
          </main>
          <footer>
            <p>
              Made by <code>npm run local</code> on this machine, from its emulator; no AWS account
              was asked. Examples of quarantined records are as phones sent them: keep this page as
              you keep them.
            </p>
          </footer>
        </div>
      </body>
    </html> `.text;
}
