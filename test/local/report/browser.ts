import chromium from "@sparticuz/chromium";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import puppeteer, { Browser, Page } from "puppeteer-core";
import { installOnce } from "../../../local/setup/cache";

/** A headless browser: `chromium` of the machine, or the one that an npm package brings. */
export async function launchBrowser(): Promise<Browser> {
  const found = onPath("chromium");
  const { executablePath, env } = found
    ? { executablePath: found, env: process.env }
    : await unpacked();
  return puppeteer.launch({ executablePath, env, headless: "shell", args: ["--no-sandbox"] });
}

/** The package's own fonts.conf looks for them in AWS Lambda's folders. */
const fontsConf = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/**
 * The package unpacks into the folder of temporary files, and takes what lies there, also what
 * another process has half written: hence a folder of its own, once.
 */
async function unpacked(): Promise<{ executablePath: string; env: NodeJS.ProcessEnv }> {
  const file = require.resolve("@sparticuz/chromium");
  const { version } = JSON.parse(
    fs.readFileSync(path.join(file, "../../../package.json"), "utf8"),
  ) as { version: string };
  const title = "Unpacking a browser (once)";
  const folder = await installOnce(`browser-${version}`, title, async (to) => {
    const before = { ...process.env };
    // The second has it bring libraries that a machine may lack, as AWS Lambda does.
    Object.assign(process.env, { TMPDIR: to, AWS_LAMBDA_JS_RUNTIME: "nodejs20.x" });
    try {
      await chromium.executablePath();
      fs.writeFileSync(path.join(to, "fonts", "fonts.conf"), fontsConf);
    } finally {
      process.env = before;
    }
  });
  const libraries = [process.env["LD_LIBRARY_PATH"], path.join(folder, "al2023", "lib")];
  const env = {
    FONTCONFIG_PATH: path.join(folder, "fonts"),
    ...process.env,
    LD_LIBRARY_PATH: libraries.filter(Boolean).join(":"),
  };
  return { executablePath: path.join(folder, "chromium"), env };
}

function onPath(command: string): string | undefined {
  try {
    return execFileSync("which", [command], { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return undefined;
  }
}

/** A page that is open, and what it has said and asked for meanwhile. */
export interface Opened {
  page: Page;
  /** Errors and messages of the console, and requests beside the page's own. */
  noise: string[];
}

export async function open(
  browser: Browser,
  url: string,
  options: { scheme?: "light" | "dark"; width?: number } = {},
): Promise<Opened> {
  const page = await browser.newPage();
  const noise: string[] = [];
  page.on("console", (message) => noise.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => noise.push(`error: ${String(error)}`));
  page.on("request", (request) => {
    if (request.url() !== url) noise.push(`request: ${request.url()}`);
  });
  await page.setViewport({ width: options.width ?? 1200, height: 900 });
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: options.scheme ?? "light" },
  ]);
  await page.goto(url);
  return { page, noise };
}

/** What axe-core finds wrong, with everything that is folded open. */
export async function violations(page: Page): Promise<string[]> {
  await unfold(page);
  await page.evaluate(fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResult> } };
    const found = await axe.run();
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
  });
}

interface AxeResult {
  violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
}

export async function unfold(page: Page): Promise<void> {
  await page.$$eval("details", (all) => all.forEach((one) => one.setAttribute("open", "")));
}

/** Rows of the table with a caption, as texts. */
export async function rowsOf(page: Page, caption: string): Promise<string[][]> {
  await unfold(page);
  return page.$$eval(
    "table",
    (tables, wanted) =>
      tables
        .filter((table) => table.querySelector("caption")?.textContent?.trim() === wanted)
        .flatMap((table) =>
          [...table.querySelectorAll("tbody tr")].map((row) =>
            [...row.children].map((cell) => cell.textContent?.trim() ?? ""),
          ),
        ),
    caption,
  );
}

/** What Tab reaches, in order, as `a:Workflow`. */
export async function focusOrder(page: Page, steps: number): Promise<string[]> {
  const reached: string[] = [];
  for (let step = 0; step < steps; step++) {
    await page.keyboard.press("Tab");
    const focused = await page.$eval(":focus", (element) => {
      const name = element.getAttribute("aria-label") ?? element.textContent;
      return `${element.localName}:${name?.trim().slice(0, 40)}`;
    });
    reached.push(focused);
  }
  return reached;
}
